//! A server that writes down how it is connected to, and lets nobody in.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

const SSL_REQUEST: u32 = 80_877_103;
const GSS_REQUEST: u32 = 80_877_104;

/// Parameters of the start that every client chooses for itself.
const OWN: &[&str] = &["client_encoding", "extra_float_digits"];

/// Two ports and a socket, all of one log.
pub(super) struct Wire {
    pub(super) ports: [u16; 2],
    log: Arc<Log>,
}

#[derive(Default)]
struct Log {
    lines: Mutex<Vec<String>>,
    open: AtomicUsize,
}

impl Wire {
    /// Listens on two ports of this machine, and in a folder on the socket that has the first port's number.
    pub(super) fn new(folder: &Path) -> Self {
        let log = Arc::new(Log::default());
        let ports = ["first", "second"].map(|name| {
            let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
            let port = listener.local_addr().expect("its address").port();
            let log = log.clone();
            thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    log.serve(name, stream);
                }
            });
            port
        });
        let socket = UnixListener::bind(folder.join(format!(".s.PGSQL.{}", ports[0]))).expect("a socket");
        let own = log.clone();
        thread::spawn(move || {
            for stream in socket.incoming().flatten() {
                own.serve("socket", stream);
            }
        });
        Self { ports, log }
    }

    /// What came since it was asked the last time; to be asked when the client has ended.
    pub(super) fn take(&self) -> Vec<String> {
        while self.log.open.load(Ordering::SeqCst) > 0 {
            thread::sleep(Duration::from_millis(1));
        }
        std::mem::take(&mut *self.log.lines.lock().expect("the log"))
    }

    /// A port that nobody listens on.
    pub(super) fn closed_port() -> u16 {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        listener.local_addr().expect("its address").port()
    }
}

impl Log {
    /// Connections come one after the other: a client tries the next when the one before has failed.
    fn serve(&self, name: &str, mut stream: impl Read + Write) {
        self.open.fetch_add(1, Ordering::SeqCst);
        let mut line = vec![name.to_owned()];
        // A client that hangs up has said all that it had to say.
        let _ = talk(&mut stream, &mut line);
        self.lines.lock().expect("the log").push(line.join(" | "));
        self.open.fetch_sub(1, Ordering::SeqCst);
    }
}

fn talk(stream: &mut (impl Read + Write), line: &mut Vec<String>) -> std::io::Result<()> {
    let start = loop {
        let packet = body(stream)?;
        match packet
            .get(..4)
            .map(|code| u32::from_be_bytes([code[0], code[1], code[2], code[3]]))
        {
            Some(SSL_REQUEST) => {
                line.push("asks for TLS".into());
                stream.write_all(b"N")?;
            }
            Some(GSS_REQUEST) => stream.write_all(b"N")?,
            _ => break packet,
        }
    };
    let texts: Vec<String> = start[4..]
        .split(|byte| *byte == 0)
        .map(|text| String::from_utf8_lossy(text).into_owned())
        .collect();
    let mut params: Vec<String> = texts
        .chunks_exact(2)
        .filter(|pair| !pair[0].is_empty() && !OWN.contains(&pair[0].as_str()))
        .filter(|pair| !(pair[0] == "application_name" && ["psql", "pgphase"].contains(&pair[1].as_str())))
        .map(|pair| format!("{}={}", pair[0], pair[1]))
        .collect();
    params.sort();
    line.extend(params);
    // A password in clear is asked for, which shows what the client would have used.
    stream.write_all(&[b'R', 0, 0, 0, 8, 0, 0, 0, 3])?;
    let mut kind = [0];
    match stream.read_exact(&mut kind) {
        Ok(()) => {
            let password = body(stream)?;
            line.push(format!(
                "password {}",
                String::from_utf8_lossy(&password).trim_end_matches('\0')
            ));
        }
        Err(_) => line.push("no password".into()),
    }
    let refusal = b"SFATAL\0VFATAL\0C28P01\0Mnobody is let in\0\0";
    let length = u32::try_from(refusal.len() + 4).expect("short");
    stream.write_all(b"E")?;
    stream.write_all(&length.to_be_bytes())?;
    stream.write_all(refusal)
}

/// A message behind its length.
fn body(stream: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length).clamp(4, 100_000) as usize - 4;
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes)?;
    Ok(bytes)
}

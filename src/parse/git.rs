//! Sources as a revision of a git repository has them: `git:REV:path`. The program `git` is asked, in the current folder, from
//! which the path counts like any other.

use std::io::Write;
use std::process::{Command, Stdio};

use super::error::ParseError;
use super::fold::SourceText;
use super::meta::INCLUDES;
use super::split::{Piece, split};

/// A file or folder of a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitPath {
    revision: String,
    path: String,
}

/// A file of a revision: its path below what was asked for, and its text.
pub(super) struct GitFile {
    /// The path below the folder; empty for a file that was asked for itself.
    pub(super) path: String,
    /// The text.
    pub(super) source: SourceText,
}

impl GitPath {
    /// Reads `REV:path`.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let usage = |message: String| ParseError::new(message).hint("write git:REV:path, such as git:main:schema");
        let Some((revision, path)) = text.split_once(':') else {
            return Err(usage(format!("git:{text} names no path")));
        };
        if revision.is_empty() || revision.starts_with('-') {
            return Err(usage(format!("git:{text} names no revision")));
        }
        let path = path.trim_end_matches('/');
        Ok(Self {
            revision: revision.to_owned(),
            path: if path.is_empty() { ".".into() } else { path.to_owned() },
        })
    }

    /// The files with one of these endings, in the order of their paths.
    pub(super) fn files(&self, endings: &[&str]) -> Result<Vec<GitFile>, ParseError> {
        let commit = format!("{}^{{tree}}", self.revision);
        if git(&["rev-parse", "--verify", "--quiet", &commit], &[])?.is_none() {
            return Err(self.no_revision()?);
        }
        let Some(object) = self.object(&self.path)? else {
            return Err(ParseError::new(format!("{} has no {}", self.revision, self.path))
                .hint("the path counts from the current folder, and must be committed"));
        };
        let kind = git(&["cat-file", "-t", &object], &[])?.unwrap_or_default();
        let listed = if kind.trim_ascii() == b"tree" {
            self.listed(&object, endings)?
        } else {
            vec![(String::new(), object)]
        };
        if listed.is_empty() {
            return Err(ParseError::new(format!(
                "the folder {} of {} holds no {} file",
                self.path,
                self.revision,
                endings.join(", ")
            )));
        }
        let hashes: Vec<&str> = listed.iter().map(|(_, hash)| hash.as_str()).collect();
        let texts = contents(&hashes)?;
        listed
            .iter()
            .zip(texts)
            .map(|((path, _), bytes)| {
                let full = self.named(path);
                Ok(GitFile {
                    path: path.clone(),
                    source: text(&full, bytes)?,
                })
            })
            .collect()
    }

    /// The texts of a schema, with the files that psql would include.
    pub(super) fn texts(&self) -> Result<Vec<SourceText>, ParseError> {
        let files = self.files(&[".sql", ".yaml", ".yml"])?;
        let mut texts: Vec<SourceText> = files.into_iter().map(|file| file.source).collect();
        let mut at = 0;
        while let Some(source) = texts.get(at) {
            for (place, name) in self.included(source)? {
                if texts.iter().any(|known| *known.name == name) {
                    continue;
                }
                let path = name.split_once(':').map_or(name.as_str(), |(_, path)| path);
                let Some(object) = self.object(path)? else {
                    return Err(ParseError::at(
                        place,
                        format!("{path} is included but is not in {}", self.revision),
                    ));
                };
                let bytes = contents(&[&object])?.pop().unwrap_or_default();
                texts.push(text(&name, bytes)?);
            }
            at += 1;
        }
        Ok(texts)
    }

    /// The names of the files that a text includes by psql's commands.
    fn included(&self, source: &SourceText) -> Result<Vec<(super::Place, String)>, ParseError> {
        if super::yaml::is_yaml(&source.name) || !source.text.contains("\\i") {
            return Ok(Vec::new());
        }
        let here = source.name.split_once(':').map_or("", |(_, path)| path);
        let folder = here.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut found = Vec::new();
        for piece in split(&source.name, &source.text)? {
            let Piece::Meta(meta) = piece else { continue };
            if INCLUDES.contains(&meta.name) {
                let target = meta.arguments.trim_matches(['\'', '"']);
                let name = format!("{}:{}", self.revision, joined(folder, target));
                found.push((meta.place, name));
            }
        }
        Ok(found)
    }

    /// Why the revision is not there: there may be no repository at all.
    fn no_revision(&self) -> Result<ParseError, ParseError> {
        Ok(match git(&["rev-parse", "--git-dir"], &[])? {
            Some(_) => ParseError::new(format!("git knows no revision {}", self.revision))
                .hint("a branch of a remote repository has to be fetched first"),
            None => ParseError::new("the current folder is in no git repository"),
        })
    }

    /// The object of a path, from the current folder; none where the revision has no such path.
    fn object(&self, path: &str) -> Result<Option<String>, ParseError> {
        let inside = git(&["rev-parse", "--is-inside-work-tree"], &[])?;
        let path = if inside.is_none_or(|answer| answer.trim_ascii() != b"true") {
            // A repository without a work tree has no current folder.
            path.strip_prefix("./")
                .unwrap_or(if path == "." { "" } else { path })
                .to_owned()
        } else if path == "." {
            "./".to_owned()
        } else if path.starts_with("./") || path.starts_with("../") {
            path.to_owned()
        } else {
            format!("./{path}")
        };
        let name = format!("{}:{path}", self.revision);
        let found = git(&["rev-parse", "--verify", "--quiet", &name], &[])?;
        Ok(found.map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned()))
    }

    /// Paths and objects below a folder; hidden files and links are left out.
    fn listed(&self, tree: &str, endings: &[&str]) -> Result<Vec<(String, String)>, ParseError> {
        let list = git(&["ls-tree", "-r", "-z", "--full-tree", tree], &[])?.unwrap_or_default();
        let mut found = Vec::new();
        for entry in list.split(|byte| *byte == 0) {
            let entry = String::from_utf8_lossy(entry);
            let Some((what, path)) = entry.split_once('\t') else {
                continue;
            };
            let words: Vec<&str> = what.split(' ').collect();
            let &[mode, "blob", hash] = words.as_slice() else {
                continue;
            };
            let lower = path.to_ascii_lowercase();
            let hidden = path.split('/').any(|part| part.starts_with('.'));
            if mode != "120000" && !hidden && endings.iter().any(|ending| lower.ends_with(ending)) {
                found.push((path.to_owned(), hash.to_owned()));
            }
        }
        found.sort();
        Ok(found)
    }

    fn named(&self, below: &str) -> String {
        let path = match (self.path.as_str(), below) {
            (path, "") => path.to_owned(),
            (".", below) => below.to_owned(),
            (path, below) => format!("{path}/{below}"),
        };
        format!("{}:{path}", self.revision)
    }
}

/// A path beside a file, without the steps that lead nowhere.
fn joined(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            other => parts.push(other),
        }
    }
    parts.join("/")
}

fn text(name: &str, bytes: Vec<u8>) -> Result<SourceText, ParseError> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        ParseError::new(format!("{name} cannot be read: line {line} is not UTF-8")).hint("convert the file to UTF-8")
    })?;
    Ok(SourceText {
        name: name.into(),
        text,
    })
}

/// What the objects hold, asked for all at once.
fn contents(objects: &[&str]) -> Result<Vec<Vec<u8>>, ParseError> {
    let mut wanted = objects.join("\n").into_bytes();
    wanted.push(b'\n');
    let answer = git(&["cat-file", "--batch"], &wanted)?.unwrap_or_default();
    let broken = || ParseError::new("git cat-file answered in a way that is not understood");
    let mut rest = answer.as_slice();
    let mut found = Vec::with_capacity(objects.len());
    for _ in objects {
        let end = rest.iter().position(|byte| *byte == b'\n').ok_or_else(broken)?;
        let head = String::from_utf8_lossy(&rest[..end]).into_owned();
        let size: usize = head
            .rsplit(' ')
            .next()
            .and_then(|size| size.parse().ok())
            .ok_or_else(broken)?;
        let body = rest.get(end + 1..end + 1 + size).ok_or_else(broken)?;
        found.push(body.to_vec());
        rest = rest.get(end + 2 + size..).unwrap_or(&[]);
    }
    Ok(found)
}

/// What git answers; none when it says no.
fn git(arguments: &[&str], input: &[u8]) -> Result<Option<Vec<u8>>, ParseError> {
    let failed = |error: std::io::Error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            ParseError::new("the program git is not there").hint("install git, or put it on the PATH")
        } else {
            ParseError::new(format!("git cannot be run: {error}"))
        }
    };
    let mut child = Command::new("git")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    let stdin = child.stdin.take();
    let output = std::thread::scope(|scope| {
        // git answers while it is still being asked, so both go on at once.
        scope.spawn(move || {
            if let Some(mut stdin) = stdin {
                // When git does not listen to the end, its answer shows it.
                let _ = stdin.write_all(input);
            }
        });
        child.wait_with_output()
    })
    .map_err(failed)?;
    Ok(output.status.success().then_some(output.stdout))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_and_a_path_are_asked_for() {
        let parsed = GitPath::parse("v1.2:db/schema/").map(|found| (found.revision, found.path));
        assert_eq!(parsed, Ok(("v1.2".to_owned(), "db/schema".to_owned())));
        for bad in ["main", ":schema", "--output=x:schema"] {
            assert!(GitPath::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn paths_beside_a_file() {
        assert_eq!(joined("db/schema", "../types/./a.sql"), "db/types/a.sql");
        assert_eq!(joined("", "../a.sql"), "../a.sql");
        assert_eq!(joined("..", "../a.sql"), "../../a.sql");
    }
}

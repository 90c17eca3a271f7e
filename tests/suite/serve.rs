//! `osteon serve` from outside: a process, files that change, and HTTP as a browser speaks it.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

/// A new site in a temporary folder, and the process that serves it. Both end with the test.
struct Served {
    root: PathBuf,
    process: Child,
    port: u16,
    /// What is printed, line by line.
    lines: Receiver<String>,
}

impl Served {
    fn start(name: &str) -> Served {
        let root = std::env::temp_dir().join(format!("osteon-serve-{name}-{}", std::process::id()));
        let osteon = || Command::new(env!("CARGO_BIN_EXE_osteon"));
        assert!(osteon().arg("new").arg(&root).stderr(Stdio::null()).status().expect("osteon runs").success());
        let serve = osteon().args(["serve", "--port", "0", "--root"]).arg(&root).stderr(Stdio::piped()).spawn();
        let mut process = serve.expect("osteon runs");
        let (sender, lines) = channel();
        let output = BufReader::new(process.stderr.take().expect("it is piped"));
        std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let mut served = Served { root, process, port: 0, lines };
        let line = served.wait_for_line("serving http://127.0.0.1:");
        let port = line.split(['/', ':']).find_map(|part| part.parse().ok());
        served.port = port.expect("the line names the port");
        served
    }

    fn wait_for_line(&self, text: &str) -> String {
        let deadline = Instant::now() + LONG;
        loop {
            let line = self.lines.recv_timeout(deadline - Instant::now()).unwrap_or_else(|_| panic!("`{text}` is never printed"));
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Writes a file in one step, so that no build can see a part of it: under another name first, as many editors do.
    fn write(&self, path: &str, text: &str) {
        let draft = self.root.join(".draft");
        fs::write(&draft, text).expect("the folder can be written");
        fs::rename(draft, self.root.join(path)).expect("the folder can be written");
    }

    /// Sends a request and returns the whole response.
    fn request(&self, method: &str, path: &str, host: &str) -> String {
        let mut stream = connect(self.port);
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").expect("it listens");
        let mut response = Vec::new();
        stream.read_to_end(&mut response).expect("it answers");
        String::from_utf8_lossy(&response).into_owned()
    }

    fn get(&self, path: &str) -> String {
        self.request("GET", path, &format!("127.0.0.1:{}", self.port))
    }

    fn wait_for(&self, path: &str, what: &str, is_there: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + LONG;
        loop {
            let response = self.get(path);
            if is_there(&response) {
                return response;
            }
            assert!(Instant::now() < deadline, "{path} never has {what}:\n{response}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn findings(&self) -> Value {
        let response = self.get("/_osteon/findings?level=error");
        let body = response.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
        serde_json::from_str(body).expect("it is JSON")
    }

    /// Opens the socket of a page. The stream stands behind the head of the response, which is returned too.
    fn socket(&self, path: &str, origin: &str) -> (TcpStream, String) {
        let mut stream = connect(self.port);
        write!(
            stream,
            "GET /_osteon/live?path={path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nOrigin: {origin}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            self.port
        )
        .expect("it listens");
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).expect("it answers");
            head.push(byte[0]);
        }
        (stream, String::from_utf8_lossy(&head).into_owned())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// Longer than anything takes on a machine that has much else to do.
const LONG: Duration = Duration::from_secs(60);

fn connect(port: u16) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    stream.set_read_timeout(Some(LONG)).expect("there are timeouts");
    stream
}

/// The next message on a socket: one short text in one frame.
fn message(stream: &mut TcpStream) -> Value {
    let mut head = [0; 2];
    stream.read_exact(&mut head).expect("there is a message");
    assert_eq!(head[0], 0x81, "a text");
    let mut length = usize::from(head[1]);
    if length == 126 {
        let mut long = [0; 2];
        stream.read_exact(&mut long).expect("there is a length");
        length = usize::from(u16::from_be_bytes(long));
    }
    let mut text = vec![0; length];
    stream.read_exact(&mut text).expect("there is a text");
    serde_json::from_slice(&text).expect("it is JSON")
}

fn about(sentence: &str) -> String {
    format!("---\ntitle: About\ndescription: Who we are.\nauthors: [editors]\n---\n\n{sentence}\n")
}

/// The fingerprint that a page came with.
fn token(response: &str) -> &str {
    let after = response.split_once("data-page=\"").map(|(_, after)| after).expect("there is a script");
    after.split('"').next().unwrap_or_default()
}

#[test]
fn a_page_follows_its_file() {
    let served = Served::start("pages");
    let origin = format!("http://localhost:{}", served.port);
    served.write("content/pages/about.md", &about("The first text."));
    let first = served.wait_for("/about/", "the first text", |page| page.contains("The first text."));
    let (mut socket, head) = served.socket("%2Fabout%2F", &origin);
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    assert_eq!(message(&mut socket)["page"], token(&first));
    let (mut home, _) = served.socket("%2F", &origin);
    let told = message(&mut home);
    assert_eq!(told["page"], token(&served.get("/")));

    // A change reaches its own page and no other one.
    served.write("content/pages/about.md", &about("The second text."));
    let second = served.wait_for("/about/", "the second text", |page| page.contains("The second text."));
    assert_ne!(token(&first), token(&second));
    assert_eq!(message(&mut socket)["page"], token(&second));
    assert_eq!(message(&mut home)["page"], told["page"]);

    // With an error, the last good site stays, and the page learns what is wrong.
    served.write("content/pages/about.md", &about("The third text: <b>[[no-such-entry]]</b>."));
    let warned = message(&mut socket);
    assert_eq!((warned["page"].as_str(), warned["errors"].as_u64()), (Some(token(&second)), Some(1)));
    assert!(served.get("/about/").contains("The second text."));
    let findings = served.findings();
    let finding = &findings["findings"][0];
    assert_eq!((finding["file"].as_str(), finding["line"].as_u64()), (Some("content/pages/about.md"), Some(7)), "{findings}");
    assert_eq!(finding["source"]["before"], "The third text: <b>");
    served.wait_for_line("the last good site stays");

    // Another file that changes meanwhile does not hide the error.
    served.write("static.txt", "no part of the site");
    served.write(
        "content/glossary.yaml",
        &(fs::read_to_string(served.root.join("content/glossary.yaml")).expect("it is there") + "\n"),
    );
    served.wait_for_line("content/glossary.yaml: 1 error");

    served.write("content/pages/about.md", &about("The fourth text."));
    served.wait_for("/about/", "the fourth text", |page| page.contains("The fourth text."));
    assert_eq!(served.findings()["findings"], Value::from(Vec::<Value>::new()));

    // A file that is written in place; files that come and go.
    fs::write(served.root.join("content/pages/about.md"), about("The fifth text.")).expect("the folder can be written");
    served.wait_for("/about/", "the fifth text", |page| page.contains("The fifth text."));
    served.write("content/pages/extra.md", &about("One more page.").replace("About", "Extra"));
    served.wait_for("/extra/", "a page", |page| page.contains("One more page."));
    fs::remove_file(served.root.join("content/pages/extra.md")).expect("it is there");
    served.wait_for("/extra/", "no page", |page| page.starts_with("HTTP/1.1 404 "));

    for folder in ["public", ".osteon-cache"] {
        assert!(!served.root.join(folder).exists(), "nothing is written: {folder}");
    }
}

#[test]
fn requests_are_answered_as_by_a_web_server() {
    let served = Served::start("requests");
    let home = served.get("/");
    let head = home.split("\r\n\r\n").next().unwrap_or_default().to_ascii_lowercase();
    assert!(head.starts_with("http/1.1 200 "), "{head}");
    assert!(
        head.contains("\r\ncontent-type: text/html; charset=utf-8") && head.contains("\r\ncache-control: no-store"),
        "{head}"
    );
    assert!(home.contains("<script src=\"/_osteon/live.js\""));
    assert!(home.contains(&format!("http://127.0.0.1:{}", served.port)), "whole addresses lead to this server");

    let own = format!("localhost:{}", served.port);
    let only_head = served.request("HEAD", "/", &own);
    assert!(only_head.starts_with("HTTP/1.1 200 ") && only_head.ends_with("\r\n\r\n") && only_head.contains("content-length: "));
    assert!(served.request("POST", "/", &own).starts_with("HTTP/1.1 405 "));
    assert!(served.get("/articles?a=b").to_ascii_lowercase().contains("\r\nlocation: /articles/?a=b\r\n"));
    assert!(served.get("/gone/").starts_with("HTTP/1.1 404 "));
    assert!(served.get("/%2e%2e/osteon.yaml").starts_with("HTTP/1.1 404 "));
    assert!(served.get("/feed.xml").contains("content-type: application/xml"));
    assert!(!served.get("/feed.xml").contains("live.js"));
    assert!(served.get("/_osteon/live.js").contains("content-type: text/javascript"));
    assert!(served.get("/_osteon/live.css").contains("content-type: text/css"));

    for host in ["example.org", "127.0.0.1", &format!("example.org:{}", served.port)] {
        assert!(served.request("GET", "/", host).starts_with("HTTP/1.1 403 "), "{host}");
    }
    let (_, head) = served.socket("%2F", "http://example.org");
    assert!(head.starts_with("HTTP/1.1 403 "), "{head}");

    // A site that is published below a path is served there.
    let settings = fs::read_to_string(served.root.join("osteon.yaml")).expect("it is there");
    served.write("osteon.yaml", &settings.replace("https://example.org", "https://example.org/steady"));
    served.wait_for("/steady/", "the site", |page| page.contains("href=\"/steady/"));
    assert!(served.get("/").to_ascii_lowercase().contains("\r\nlocation: /steady/\r\n"));
}

#[test]
fn errors_of_a_theme_stay_until_it_is_mended() {
    let served = Served::start("errors");
    let templates = served.root.join("themes/osteon/templates");
    fs::create_dir_all(&templates).expect("the folder can be written");
    fs::write(templates.join("page.html"), "{% if %}").expect("the folder can be written");
    served.wait_for_line("the last good site stays");
    served.write("content/pages/about.md", &about("A text."));
    served.wait_for_line("content/pages/about.md: ");
    let findings = served.findings();
    assert!(findings.to_string().contains("T001"), "the theme is still broken, though it was not read again: {findings}");
    fs::remove_dir_all(served.root.join("themes")).expect("it is there");
    served.wait_for("/about/", "a text", |page| page.contains("A text."));
}

#[cfg(unix)]
#[test]
fn an_interrupt_is_a_good_end() {
    let mut served = Served::start("interrupt");
    // An open socket must not keep it from ending.
    let (mut socket, _) = served.socket("%2F", &format!("http://127.0.0.1:{}", served.port));
    message(&mut socket);
    let id = served.process.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().expect("kill runs").success());
    assert_eq!(served.process.wait().expect("it ends").code(), Some(0));
    assert!(is_empty_but_for_sources(&served.root));
}

#[cfg(unix)]
fn is_empty_but_for_sources(root: &Path) -> bool {
    super::support::names(root).iter().all(|name| [".gitignore", "content", "osteon.yaml"].contains(&name.as_str()))
}

//! As much of an HTTP client as measuring needs: GET and POST over one kept connection.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::project::Outcome;

/// Longer than any answer may take; a server that hangs fails the measurement instead of hanging it.
const PATIENCE: Duration = Duration::from_secs(5);

/// Bytes of a response body at most.
const MAX_BODY: usize = 16 << 20;

/// A connection that stays open between requests.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    host: String,
}

/// What came back.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Connection {
    /// Connects; fails at once when nobody listens.
    pub(crate) fn open(address: SocketAddr) -> Outcome<Connection> {
        let failed = |e: std::io::Error| format!("connect to {address}: {e}");
        let stream = TcpStream::connect_timeout(&address, PATIENCE).map_err(failed)?;
        stream.set_nodelay(true).map_err(failed)?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(failed)?;
        stream.set_write_timeout(Some(PATIENCE)).map_err(failed)?;
        Ok(Connection {
            stream: BufReader::new(stream),
            host: address.to_string(),
        })
    }

    /// Asks for a path and reads the whole answer.
    pub(crate) fn get(&mut self, path: &str) -> Outcome<Response> {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAccept: application/json\r\n\r\n",
            self.host
        );
        self.stream
            .get_mut()
            .write_all(request.as_bytes())
            .map_err(|e| format!("GET {path}: {e}"))?;
        self.response().map_err(|e| format!("GET {path}: {e}"))
    }

    /// Sends JSON to a path and reads the whole answer.
    pub(crate) fn post(&mut self, path: &str, json: &str) -> Outcome<Response> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{json}",
            self.host,
            json.len()
        );
        self.stream
            .get_mut()
            .write_all(request.as_bytes())
            .map_err(|e| format!("POST {path}: {e}"))?;
        self.response().map_err(|e| format!("POST {path}: {e}"))
    }

    fn response(&mut self) -> Outcome<Response> {
        let status_line = self.line()?;
        let status = status_line.split(' ').nth(1).and_then(|s| s.parse().ok());
        let status = status.ok_or_else(|| format!("no status in `{status_line}`"))?;
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse().map_err(|_| "a bad length".to_owned())?,
                "transfer-encoding" => chunked = value.trim().eq_ignore_ascii_case("chunked"),
                _ => {}
            }
        }
        let body = if chunked {
            self.chunks()?
        } else {
            self.bytes(length)?
        };
        Ok(Response { status, body })
    }

    fn chunks(&mut self) -> Outcome<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.line()?;
            let size = line.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(size, 16).map_err(|_| "a bad chunk".to_owned())?;
            body.extend(self.bytes(size)?);
            self.line()?;
            if size == 0 {
                return Ok(body);
            }
            if body.len() > MAX_BODY {
                return Err("the body is too long".to_owned());
            }
        }
    }

    fn bytes(&mut self, length: usize) -> Outcome<Vec<u8>> {
        if length > MAX_BODY {
            return Err("the body is too long".to_owned());
        }
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes).map_err(|e| e.to_string())?;
        Ok(bytes)
    }

    fn line(&mut self) -> Outcome<String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line) {
            Ok(0) => Err("the server closed the connection".to_owned()),
            Ok(_) => Ok(line.trim_end().to_owned()),
            Err(e) => Err(e.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn reads_both_kinds_of_body_on_one_connection() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let mut stream = BufReader::new(listener.accept().unwrap().0);
            for answer in [
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=1\r\nde\r\n0\r\n\r\n",
            ] {
                while stream
                    .by_ref()
                    .lines()
                    .next()
                    .is_some_and(|line| !line.unwrap().is_empty())
                {}
                stream.get_mut().write_all(answer.as_bytes()).unwrap();
            }
        });
        let mut connection = Connection::open(address).unwrap();
        let first = connection.get("/a").unwrap();
        assert_eq!((first.status, first.body.as_slice()), (200, &b"hello"[..]));
        let second = connection.get("/b").unwrap();
        assert_eq!((second.status, second.body.as_slice()), (404, &b"abcde"[..]));
        server.join().unwrap();
        assert!(connection.get("/c").is_err());
    }
}

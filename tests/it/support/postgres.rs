//! A throw-away PostgreSQL that the tests start themselves.
//!
//! One server per test run, on a socket in a temporary folder, without fsync. A
//! small shell holds it: when the test process ends, however it ends, the shell's
//! standard input closes, and it stops the server and removes the folder.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

struct Server {
    address: String,
    _shell: Child,
    _stdin: ChildStdin,
}

/// The script that starts the server, says where it is, and waits.
const HOLD: &str = r#"
set -eu
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb || true)")
[ -x "$bin/initdb" ] || { echo "PostgreSQL is not installed: apt-get install postgresql" >&2; exit 1; }
dir=$(mktemp -d)
if [ "$(id -u)" = 0 ]; then
    chown postgres "$dir"
    as() { runuser -u postgres -- "$@"; }
else
    as() { "$@"; }
fi
cd "$dir"
as "$bin/initdb" -D "$dir/data" -U postgres -A trust --no-sync >"$dir/init.log" 2>&1
as "$bin/pg_ctl" -D "$dir/data" -w -o "-k $dir -c listen_addresses='' -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=300" -l "$dir/server.log" start >/dev/null
echo "$dir"
while read -r _; do :; done
as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true
rm -rf "$dir"
"#;

static SERVER: OnceLock<Server> = OnceLock::new();
static NEXT: AtomicU32 = AtomicU32::new(0);

fn server() -> &'static Server {
    SERVER.get_or_init(|| {
        let mut shell = Command::new("bash")
            .args(["-c", HOLD])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("bash starts");
        let stdin = shell.stdin.take().unwrap();
        let mut dir = String::new();
        BufReader::new(shell.stdout.take().unwrap()).read_line(&mut dir).unwrap();
        let dir = dir.trim();
        assert!(!dir.is_empty(), "PostgreSQL did not start; see the message above");
        let address =
            format!("postgres:///DATABASE?host={}&user=postgres", dir.replace('/', "%2F"));
        Server { address, _shell: shell, _stdin: stdin }
    })
}

/// The address of a new, empty database.
pub(crate) async fn database() -> String {
    let server = tokio::task::spawn_blocking(server).await.unwrap();
    let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut admin =
        PgConnection::connect(&server.address.replace("DATABASE", "postgres")).await.unwrap();
    admin.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    server.address.replace("DATABASE", &name)
}

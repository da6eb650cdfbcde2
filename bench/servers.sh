# shellcheck shell=sh disable=SC2154 # program, bench, repo, lab, pin, dist, also are set by whoever reads this
# SPDX-License-Identifier: Apache-2.0
#
# What the scripts of the bench share: a mount namespace with accounts of its own, and the servers: how each is started
# and ended. Read by `run` and `memory`, which set program, bench, repo; leaves nothing behind.

fail() {
    echo "$program: error: $*" >&2
    exit 2
}

need() { # command:package ...
    for tool in "$@"; do
        command -v "${tool%%:*}" >/dev/null || fail "${tool%%:*} not found: apt-get install ${tool#*:}"
    done
}

# In a namespace of its own, accounts and mounts can be made without touching the machine's; it ends with this process.
# In the lab's guest nobody else is there, and the accounts are those that have quotas.
enter_namespace() {
    [ "$(id -u)" = 0 ] || fail "must run as root: the helper needs CAP_SYS_ADMIN, the bench a mount namespace"
    need cc:gcc java:default-jdk-headless taskset:util-linux unshare:util-linux pgrep:procps
    if [ -z "${BENCH_NAMESPACE-}" ] && [ -z "$lab" ]; then
        unshare --mount --propagation private true || fail "may not make a mount namespace: needs CAP_SYS_ADMIN"
        BENCH_NAMESPACE=1 exec unshare --mount --propagation private "$0" "$@"
    fi
}

# Sets work, a directory below which everything is, and what removes it and ends all servers.
make_work() {
    umask 022
    work=$(mktemp -d "${TMPDIR:-/var/tmp}/quotapolicy-bench.XXXXXX")
    chmod 755 "$work"
    servers_running='' made_nscd=''
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    mkdir "$work/bin" "$work/mounts"
    for source in answer floor batch command load mounts names cost; do
        cc -std=gnu17 -O2 -Wall -Wextra -o "$work/bin/$source" "$bench/$source.c" || fail "cannot compile $source.c"
    done
    : >"$work/results"
}

# shellcheck disable=SC2317 # reached by the trap
clean_up() {
    trap - EXIT
    stop_all
    umount --all-targets --lazy "$work/home" 2>/dev/null || true
    [ -z "$made_nscd" ] || { umount /run/nscd && rmdir /run/nscd; }
    rm -rf --one-file-system "$work" 2>/dev/null || true
}

# Accounts u1, u2, ... behind the machine's own; the first hundred have homes.
make_accounts() { # count
    for file in passwd group; do
        [ -e "$work/$file.system" ] || grep -v '^quotapolicy' /etc/$file >"$work/$file.system"
    done
    {
        cat "$work/passwd.system"
        echo 'quotapolicy:x:64001:64001::/nonexistent:/usr/sbin/nologin'
        echo 'quotapolicy-helper:x:64002:64002::/nonexistent:/usr/sbin/nologin'
        awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) printf "u%d:x:%d:100000::/home/u%d:/bin/sh\n", i, 100000 + i, i }'
    } >"$work/passwd"
    { cat "$work/group.system" && printf 'quotapolicy:x:64001:\nquotapolicy-helper:x:64002:\n'; } >"$work/group"
    awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) print "u" i, "pass" }' >"$work/users"
    [ -d "$work/home" ] || mount_accounts
}

mount_accounts() {
    mkdir "$work/home"
    for i in $(seq 100); do mkdir "$work/home/u$i" && chown "$((100000 + i)):100000" "$work/home/u$i"; done
    mount --bind "$work/home" /home
    mount --bind "$work/passwd" /etc/passwd
    mount --bind "$work/group" /etc/group
}

# Each server by name: $work/NAME.socket, its process in $work/NAME.pid, what it says in $work/NAME.log.

start() { # name
    case $1 in
    answer | batch) spawn "$1" "$work/bin/$1" "$work/$1.socket" ;;
    floor | floor-again) spawn "$1" "$work/bin/floor" "$work/$1.socket" ;;
    sudo) spawn sudo "$work/bin/command" "$work/sudo.socket" sudo -n quota ;;
    batch-java) start_batch_java ;;
    dovecot) start_dovecot ;;
    also) start_quotapolicy also "$also" ;;
    quotapolicy) start_quotapolicy quotapolicy "$dist" ;;
    all) start_quotapolicy all "$dist" --mailbox all ;;
    nscd) start_nscd ;;
    *) fail "no such server: $1" ;;
    esac
    servers_running="$servers_running $1"
}

spawn() { # name command...
    name=$1
    shift
    # shellcheck disable=SC2086 # a list of words, or none
    $pin "$@" >"$work/$name.log" 2>&1 </dev/null &
    echo $! >"$work/$name.pid"
    await "$name" "[ -S $work/$name.socket ]"
}

await() { # name condition
    for _ in $(seq 1000); do
        if eval "$2"; then return; fi
        kill -0 "$(cat "$work/$1.pid")" 2>/dev/null || break
        sleep 0.02
    done
    tail -n 5 "$work/$1.log" >&2
    fail "$1 does not start"
}

# A copy in a place that only root can write, as the launcher demands, and with class data, as an installation has it.
start_quotapolicy() { # name dist option...
    [ -x "$2/bin/quotapolicy" ] || fail "$2/bin/quotapolicy not found: mvn -q -DskipTests package"
    if [ ! -d "$work/$1.dist" ]; then
        cp -R "$2" "$work/$1.dist"
        chown -R root:root "$work/$1.dist"
        chmod -R go-w,a+rX "$work/$1.dist"
        "$work/$1.dist/bin/quotapolicy" class-data || fail "$2 makes no class data"
        install -d -o quotapolicy -m 755 "$work/$1"
        : >"$work/$1.conf"
    fi
    name=$1
    shift 2
    # shellcheck disable=SC2086 # a list of words, or none
    $pin "$work/$name.dist/bin/quotapolicy" daemon --homedir "$work/$name" --config "$work/$name.conf" \
        --domain example.com "$@" >"$work/$name.log" 2>&1 </dev/null &
    echo $! >"$work/$name.pid"
    await "$name" "grep -q ready: $work/$name.log"
    ln -sf "$work/$name/quotapolicy.socket" "$work/$name.socket"
}

# As quotapolicy's launcher starts Java, but that C2 may inline as it likes.
start_batch_java() {
    device=$(df --output=source "$work" | tail -n 1)
    classes=$dist/lib/jna.jar:$work/bin
    javac -cp "$classes" -d "$work/bin" "$bench/Batch.java" || fail "cannot compile Batch.java"
    set -- java -Xmx64m -Xmn4m -XX:+UseSerialGC -Xss256k -XX:CICompilerCount=2 -XX:-UsePerfData -Djna.nosys=true \
        -Djna.boot.library.path="$dist/lib/native/$(uname -m)" -Djna.nounpack=true -cp "$classes" Batch
    spawn batch-java "$@" "$work/batch-java.socket" "$device" "$@"
}

# The C library's cache of accounts, seen in this mount namespace alone. As Debian configures it, but that it keeps no
# file, and has the room that a million accounts may need.
start_nscd() {
    [ -d /run/nscd ] || { mkdir /run/nscd && made_nscd=yes; }
    mount -t tmpfs tmpfs /run/nscd
    cat >"$work/nscd.conf" <<CONF
logfile $work/nscd.log
paranoia no
enable-cache passwd yes
positive-time-to-live passwd 600
negative-time-to-live passwd 20
suggested-size passwd 20011
check-files passwd yes
persistent passwd no
shared passwd yes
max-db-size passwd 268435456
auto-propagate passwd yes
CONF
    # shellcheck disable=SC2086 # a list of words, or none
    $pin nscd -F -f "$work/nscd.conf" >"$work/nscd.log" 2>&1 </dev/null &
    echo $! >"$work/nscd.pid"
    await nscd '[ -S /run/nscd/socket ]'
}

# quota-status as documented, and a rule with a limit nobody reaches: without any, it never looks at a quota. It finds the
# filesystem by the mail directory, so there must be one: the home itself. Users go without their domain. Its
# processes are one for each connection, so there must be as many.
start_dovecot() {
    mkdir -p "$work/dovecot"
    cat >"$work/dovecot.conf" <<CONF
base_dir = $work/dovecot
log_path = $work/dovecot.log
protocols =
auth_username_format = %n
ssl = no
first_valid_uid = 1
mail_location = maildir:~
mail_plugins = quota
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = passwd
}
service quota-status {
  executable = quota-status -p postfix
  unix_listener $work/dovecot.socket {
    mode = 0666
  }
  client_limit = 1
  process_limit = 200
}
plugin {
  quota = fs:User quota:user
  quota_rule = *:storage=1000T
  quota_status_success = DUNNO
  quota_status_nouser = DUNNO
  quota_status_overquota = 552 5.2.2 Mailbox is full
}
CONF
    spawn dovecot dovecot -F -c "$work/dovecot.conf"
}

# The processes of a server, its children's children included.
tree() { # pid
    echo "$1"
    for child in $(pgrep -P "$1"); do tree "$child"; done
}

# Of all its processes: each page is counted in the part of it that they do not share with others. In KiB.
pss() { # name
    for pid in $(tree "$(cat "$work/$1.pid")"); do cat "/proc/$pid/smaps_rollup"; done |
        awk '/^Pss:/ { sum += $2 } END { print sum }'
}

stop() { # name
    pid=$(cat "$work/$1.pid" 2>/dev/null) || return 0
    # shellcheck disable=SC2046 # a list of numbers
    kill $(tree "$pid") 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    rm -f "$work/$1.pid"
}

stop_all() {
    for name in $servers_running; do stop "$name"; done
    servers_running=
}

# Runs all of these servers' threads on these processors: 3, or 0-3.
set_processors() { # list name...
    list=$1
    shift
    for name in "$@"; do
        for pid in $(tree "$(cat "$work/$name.pid")"); do
            taskset -acp "$list" "$pid" >/dev/null 2>&1 || true
        done
    done
}

load() { # name option...
    name=$1
    shift
    # shellcheck disable=SC2086 # a list of words, or none
    [ "$name" != names ] || { $pin "$work/bin/names" "$@" && return; }
    # Without quotas, quota(1) fails, and Dovecot cannot tell: what they say counts in the lab only.
    case $name in
    sudo | dovecot) [ -n "$lab" ] || set -- --any-answer "$@" ;;
    esac
    "$work/bin/load" --socket "$work/$name.socket" --server "$(cat "$work/$name.pid")" --label "$name" "$@"
}

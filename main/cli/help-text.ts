/** What `burrow notify --help` says after its flags. */
export const notifyExamples = `
Examples:
  burrow notify --dry-run --config-dir /etc/burrow --cluster local --group payments
        what would be sent about the group as it is now, by the word of the Burrow that runs with this configuration
  burrow notify --dry-run --cluster local --group payments --status ERR --notifier pager
        what [notifier.pager] would send if the group were ERR; needs no running Burrow
  burrow notify --dry-run --cluster local --group payments --url http://old-burrow:8000 --json
        by the word of another Burrow, LinkedIn's too; bodies exactly as they would be sent

Exit codes: 0 shown, 1 no such group, nothing answers, or a message cannot be made, 2 wrong command line.`

/** What --help says after the list of commands. Tested: every flag of run and demo is in it. */
export const helpExamples = `
Flags of run:
  --config-dir <dir>       directory that holds burrow.toml, or burrow.json, .yaml, .yml, .dotenv or .env (default ".");
                           may contain $NAME of the environment
  --kafka-threads <n>      threads that read from Kafka, a number or auto (default, as all three: what the file says)
  --storage-threads <n>    threads that keep the windows, a number or auto
  --evaluator-threads <n>  threads that judge groups, a number or auto

Flags of check: --config-dir <dir> as for run; --connect tries every broker, ZooKeeper and mail server as the program would, with TLS and
  login, 5 s for each step, and says what it found, the bad first: FAILED, warning, ok. Rights in Kafka that are missing are
  named with the kafka-acls.sh command that grants them.

Flags of notify: --dry-run (needed) shows what each notifier would say about --cluster <name> --group <name>, and sends nothing;
  --config-dir <dir> as for run; --notifier <name> only that one; --url <url> the running Burrow to ask (default: the
  first listener of the configuration); --status <OK|WARN|ERR> a made-up example if the group is not like that; --show-secrets; --json

Flags of status: --cluster <name>, --group <name>, --limit <n>, --watch (again every 2 s), --json; of explain: --json.
Of both: --url <url> where burrow listens (default: BURROW_URL, else http://127.0.0.1:8000), or --config-dir <dir>.

Flags of demo: --port <n> (default 8000, 0 = a free one) and the thread flags.

Flags of bench: names of suites (default: all but events, idle, tune), --size name=n (may be repeated), --rounds <n>, --tiny, --json,
                --compare <file>, and the thread flags.

Examples:
  burrow demo                            the whole program beside a simulated Kafka cluster; nothing to set up
  burrow demo --port 8000                the same, on a port of your choice

  burrow check --config-dir /etc/burrow --connect
                                         what a start would find, every mistake with what is allowed; starts nothing

  burrow bench --json > before.json      the canonical load on this machine, in under two minutes
  burrow bench ingest --compare before.json --kafka-threads 2
                                         one suite, and what changed

  burrow notify --dry-run --config-dir /etc/burrow --cluster local --group payments
                                         what would be sent about the group as it is now
  burrow notify --dry-run --config-dir /etc/burrow --cluster local --group payments --status ERR --notifier pager
                                         the same for a made-up example; needs no running Burrow

  burrow status --watch                  the groups of a running burrow, worst first, again and again
  burrow explain local orders            why the group orders has its status: the rules, the numbers, what comes

  burrow --config-dir /etc/burrow        run with /etc/burrow/burrow.toml; -config-dir works too
  burrow run --storage-threads 2 --evaluator-threads 4
                                         run with ./burrow.toml, threads chosen by hand
  BURROW_LOGGING_LEVEL=debug burrow      any setting can come from the environment:
                                         BURROW_ + section_key in capitals, dots and dashes as underscores

A smallest burrow.toml:
  [cluster.local]
  class-name = "kafka"
  servers = ["127.0.0.1:9092"]

  [consumer.local]
  class-name = "kafka"
  cluster = "local"
  servers = ["127.0.0.1:9092"]

  [httpserver.default]
  address = "127.0.0.1:8000"

Then:
  curl http://127.0.0.1:8000/v3/kafka/local/consumer              the groups
  curl http://127.0.0.1:8000/v3/kafka/local/consumer/GROUP/lag    how GROUP is doing
  curl http://127.0.0.1:8000/metrics                              the same for Prometheus

Exit codes: 0 stopped by a signal, 1 cannot start or cannot go on (check: a mistake, or no answer), 2 wrong command line or a crash;
of status and explain 0 OK, 1 WARN, 2 ERR, 3 could not be found out.`

/** What --help says after the list of commands. Tested: every flag of run and demo is in it. */
export const helpExamples = `
Flags of run:
  --config-dir <dir>       directory that holds burrow.toml, or burrow.json, .yaml, .yml, .dotenv or .env (default ".");
                           may contain $NAME of the environment
  --kafka-threads <n>      threads that read from Kafka, a number or auto (default, as all three: what the file says)
  --storage-threads <n>    threads that keep the windows, a number or auto
  --evaluator-threads <n>  threads that judge groups, a number or auto

Flags of check: --config-dir <dir> as for run; --connect tries every broker, ZooKeeper and mail server, 5 s each.

Flags of demo: --port <n> (default 8000, 0 = a free one) and the thread flags.

Examples:
  burrow demo                            the whole program beside a simulated Kafka cluster; nothing to set up
  burrow demo --port 8000                the same, on a port of your choice

  burrow check --config-dir /etc/burrow --connect
                                         what a start would find, every mistake with what is allowed; starts nothing

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

Exit codes: 0 stopped by a signal, 1 cannot start or cannot go on (check: a mistake, or no answer), 2 wrong command line or a crash.`

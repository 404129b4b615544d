import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tempFolder } from '../../support/temp-folder.ts'
import { type Acceptance, accept, type Refusal, refuse, working } from './cases.ts'
import { caPem } from './pem-samples.ts'

const folder = tempFolder('config')
for (const [name, text] of Object.entries({
  'open.tmpl': '{{.ID}}',
  'wrong.tmpl': '\n{{fromage}}',
  'close.tmpl': '',
  'ca.pem': caPem
})) {
  writeFileSync(join(folder, name), text)
}
const at = (name: string) => JSON.stringify(join(folder, name))
const open = `template-open = ${at('open.tmpl')}\n`
const close = `send-close = true\ntemplate-close = ${at('close.tmpl')}\n`

const notifier = (className: string, keys = '') =>
  `${working}[zookeeper]\nservers = ["z:2181"]\n[notifier.N]\nclass-name = "${className}"\n${keys}`
const http = (keys: string) => notifier('http', `${open}url-open = "http://x/"\n${keys}`)
const email = (keys: string) =>
  notifier(
    'email',
    `${open}server = "mail.example.org"\nport = 25\nfrom = "b@example.org"\nto = "o@example.org"\n${keys}`
  )
const only = (toml: string, key: string) => toml.replace(new RegExp(`^${key} = .*\n`, 'm'), '')

const seconds = (min: number) => `a whole number from ${min} to 2147483`
const urlForm = 'a URL that begins with http:// or https://'
const addressForm = 'an address such as burrow@example.org or "Burrow <burrow@example.org>"'

const refusals: readonly Refusal[] = [
  {
    what: 'an unknown class',
    toml: notifier('pager'),
    says: [
      'notifier.n.class-name: Unknown notifier className provided: pager (read "pager"; allowed: http, email, null, slack, pagerduty, teams, alertmanager, ./FILE.js, npm:PACKAGE)'
    ]
  },
  {
    what: 'no class',
    toml: `${working}[notifier.n]\ninterval = 0`,
    says: [
      'notifier.n.class-name: Unknown notifier className provided:  (nothing read; allowed: http, email, null, slack, pagerduty, teams, alertmanager, ./FILE.js, npm:PACKAGE)'
    ]
  },
  {
    what: 'interval 0',
    toml: notifier('null', 'interval = 0'),
    says: [`notifier.n.interval: out of range (read 0; allowed: ${seconds(1)})`]
  },
  {
    what: 'a negative send-interval',
    toml: notifier('null', 'send-interval = -1'),
    says: [`notifier.n.send-interval: out of range (read -1; allowed: ${seconds(0)})`]
  },
  {
    what: 'a threshold that no group reaches',
    toml: notifier('null', 'threshold = 4'),
    says: ['notifier.n.threshold: out of range (read 4; allowed: a whole number from 1 to 3)']
  },
  {
    what: 'perhaps as send-once and send-close',
    toml: notifier('null', 'send-once = "no"\nsend-close = "yes"'),
    says: [
      'notifier.n.send-once: neither true nor false (read "no"; allowed: true, false)',
      'notifier.n.send-close: neither true nor false (read "yes"; allowed: true, false)'
    ]
  },
  {
    what: 'a template that is not there',
    toml: notifier('http', 'url-open = "http://x/"\ntemplate-open = "/nowhere/o.tmpl"'),
    says: [
      'notifier.n.template-open: Failed to compile TemplateOpen: there is no such file (read "/nowhere/o.tmpl"; allowed: a file with a template)'
    ]
  },
  {
    what: 'a template with a mistake, with its line',
    toml: notifier('slack', `url = "http://x/"\ntemplate-open = ${at('wrong.tmpl')}`),
    says: [
      `notifier.n.template-open: Failed to compile TemplateOpen: template: wrong.tmpl:2: function "fromage" not defined (read ${at('wrong.tmpl')}; allowed: a file with a template)`
    ]
  },
  {
    what: 'a URL that is a wrong template, without showing it',
    toml: notifier('http', `${open}url-open = "http://x/{{.ID}}/{{end}}"`),
    says: [
      'notifier.n.url-open: Failed to compile url-open: template: url-open:1: unexpected {{end}} (read ***; allowed: a template of a URL)'
    ]
  },
  {
    what: 'http without a template',
    toml: notifier('http', 'url-open = "http://x/"'),
    says: [
      'notifier.n.template-open: Failed to compile TemplateOpen: no file is named (nothing read; allowed: a file with a template)'
    ]
  },
  {
    what: 'send-close without a template for it',
    toml: http('send-close = true'),
    says: [
      'notifier.n.template-close: Failed to compile TemplateClose: no file is named (nothing read; allowed: a file with a template)'
    ]
  },
  {
    what: 'the template of null, if one is named that is not there',
    toml: notifier('null', 'template-open = "/nowhere"'),
    says: [
      'notifier.n.template-open: Failed to compile TemplateOpen: there is no such file (read "/nowhere"; allowed: a file with a template)'
    ]
  },
  {
    what: 'extras that are no table, without showing them',
    toml: notifier('null', 'extras = ["geheim"]'),
    says: ['notifier.n.extras: not a table of strings (read ***; allowed: a table such as { name = "text" })']
  },
  {
    what: 'extras with a table inside',
    toml: notifier('null', 'extras = { a = { b = "geheim" } }'),
    says: ['notifier.n.extras: not a table of strings (read ***; allowed: a table such as { name = "text" })']
  },
  {
    what: 'extras from the environment that are no JSON',
    toml: notifier('null'),
    environment: { BURROW_NOTIFIER_N_EXTRAS: 'tier=prod' },
    says: [
      'notifier.n.extras: not a table of strings (read *** from BURROW_NOTIFIER_N_EXTRAS; allowed: a table such as { name = "text" })'
    ]
  },
  {
    what: 'the old list keys',
    toml: notifier('null', 'group-whitelist = "a"'),
    says: [
      'notifier.n.group-whitelist: Please change configurations to allowlist and denylist (read "a"; allowed: group-allowlist)'
    ]
  },
  {
    what: 'a bad list',
    toml: notifier('null', 'group-allowlist = "("'),
    says: [
      'notifier.n.group-allowlist: Failed to compile group allowlist: error parsing regexp: missing closing ): `(` (read "("; allowed: an RE2 regular expression (no look-around))'
    ]
  },
  {
    what: 'http without a URL',
    toml: notifier('http', open),
    says: [`notifier.n.url-open: no url-open specified (nothing read; allowed: ${urlForm})`]
  },
  {
    what: 'a URL of another kind, without showing it',
    toml: notifier('http', `${open}url-open = "ftp://geheim/"`),
    says: [`notifier.n.url-open: not a URL (read ***; allowed: ${urlForm})`]
  },
  {
    what: 'a URL with a blank in its host',
    toml: notifier('http', `${open}url-open = "http://a b/{{.ID}}"`),
    says: [`notifier.n.url-open: not a URL (read ***; allowed: ${urlForm})`]
  },
  {
    what: 'a method with a blank',
    toml: http('method-open = "PO ST"'),
    says: ['notifier.n.method-open: not an HTTP method (read "PO ST"; allowed: POST, PUT, DELETE and the like)']
  },
  {
    what: 'a timeout of nothing',
    toml: http('timeout = 0'),
    says: [`notifier.n.timeout: out of range (read 0; allowed: ${seconds(1)})`]
  },
  {
    what: 'a header that cannot be sent',
    toml: http('headers = { "X Team" = "a" }'),
    says: [
      'notifier.n.headers: "x team" cannot be sent (read ***; allowed: names without blanks, values without line breaks)'
    ]
  },
  {
    what: 'a header with a line break',
    toml: http('headers = { x-team = "a\\nb" }'),
    says: [
      'notifier.n.headers: "x-team" cannot be sent (read ***; allowed: names without blanks, values without line breaks)'
    ]
  },
  {
    what: 'an extra-ca that is not there',
    toml: http('extra-ca = "/nowhere.pem"'),
    says: [
      'notifier.n.extra-ca: cannot read the CA file: there is no such file (read "/nowhere.pem"; allowed: a PEM file with certificates)'
    ]
  },
  {
    what: 'e-mail with nothing',
    toml: notifier('email'),
    says: [
      'notifier.n.template-open: Failed to compile TemplateOpen: no file is named (nothing read; allowed: a file with a template)',
      'notifier.n.port: missing (nothing read; allowed: a whole number from 1 to 65535)',
      `notifier.n.from: missing from address (nothing read; allowed: ${addressForm})`,
      'notifier.n.to: missing to address (nothing read; allowed: addresses, with commas between them)'
    ]
  },
  {
    what: 'a mail server that is no host',
    toml: email('').replace('mail.example.org', 'mail_server_.x'),
    says: [
      'notifier.n.server: bad server or port (read "mail_server_.x"; allowed: the name or address of a mail server, without the port)'
    ]
  },
  {
    what: 'no mail server',
    toml: only(email(''), 'server'),
    says: [
      'notifier.n.server: bad server or port (nothing read; allowed: the name or address of a mail server, without the port)'
    ]
  },
  {
    what: 'addresses that are none',
    toml: email('').replace('"b@example.org"', '"burrow"').replace('"o@example.org"', '"a@x, b, c@d@e"'),
    says: [
      `notifier.n.from: not an address (read "burrow"; allowed: ${addressForm})`,
      `notifier.n.to: not an address: "b", "c@d@e" (read "a@x, b, c@d@e"; allowed: ${addressForm})`
    ]
  },
  {
    what: 'an unknown login of e-mail',
    toml: email('auth-type = "login"'),
    says: ['notifier.n.auth-type: unknown auth type (read "login"; allowed: plain, crammd5, or nothing)']
  },
  {
    what: 'a login of e-mail without a password',
    toml: email('auth-type = "Plain"\nusername = "u"'),
    says: ['notifier.n.password: missing, a login needs both (nothing read; allowed: a user name and a password)']
  },
  {
    what: 'slack and teams without a URL',
    toml: `${notifier('slack')}\n[notifier.m]\nclass-name = "teams"`,
    says: [
      `notifier.n.url: no url specified (nothing read; allowed: ${urlForm})`,
      `notifier.m.url: no url specified (nothing read; allowed: ${urlForm})`
    ]
  },
  {
    what: 'pagerduty without a key',
    toml: notifier('pagerduty'),
    says: [
      'notifier.n.routing-key: no routing-key specified (nothing read; allowed: the integration key of an Events API v2 service, 32 letters and digits)'
    ]
  },
  {
    what: 'a key of pagerduty that is none, without showing it',
    toml: notifier('pagerduty', 'routing-key = "geheim"'),
    says: [
      'notifier.n.routing-key: not an integration key (read ***; allowed: the integration key of an Events API v2 service, 32 letters and digits)'
    ]
  },
  {
    what: 'alertmanager without URLs, and with bad ones',
    toml: `${notifier('alertmanager')}\n[notifier.m]\nclass-name = "alertmanager"\nurls = ["http://a:9093", "b:9093"]`,
    says: [
      'notifier.n.urls: no urls specified (nothing read; allowed: a list of URLs, for example ["http://alertmanager-1:9093"])',
      'notifier.m.urls: not a URL: number 2 (read ***; allowed: a list of URLs, for example ["http://alertmanager-1:9093"])'
    ]
  },
  {
    what: 'labels that Prometheus would refuse',
    toml: notifier('alertmanager', 'urls = "http://a:9093"\nlabels = { team-name = "x", tier = "y" }'),
    says: ['notifier.n.labels: not names of labels: team-name (read ***; allowed: letters, digits and underscores)']
  },
  {
    what: 'zookeeper without servers',
    toml: notifier('null').replace('servers = ["z:2181"]', 'timeout = 5'),
    says: [
      'zookeeper.servers: No Zookeeper servers specified (nothing read; allowed: a list of host:port, for example ["zk-1:2181", "zk-2:2181"])'
    ]
  },
  {
    what: 'bad servers of zookeeper',
    toml: notifier('null').replace('"z:2181"', '"z:2181", "z"'),
    says: [
      'zookeeper.servers: Failed to validate Zookeeper servers: "z" (read ["z:2181","z"]; allowed: a list of host:port, for example ["zk-1:2181", "zk-2:2181"])'
    ]
  },
  {
    what: 'a session timeout with a unit (A9)',
    toml: notifier('null').replace('[zookeeper]', '[zookeeper]\ntimeout = "6s"'),
    says: [`zookeeper.timeout: not a whole number (read "6s"; allowed: ${seconds(1)})`]
  },
  {
    what: 'a root path with a slash at its end',
    toml: notifier('null').replace('[zookeeper]', '[zookeeper]\nroot-path = "/burrow/"'),
    says: [
      'zookeeper.root-path: Zookeeper root path is not valid (read "/burrow/"; allowed: a path such as /burrow/dc1: letters, digits, dashes, underscores and dots, no slash at its end)'
    ]
  },
  {
    what: 'a tls section of zookeeper that is not there',
    toml: notifier('null').replace('[zookeeper]', '[zookeeper]\ntls = "zkca"'),
    says: [`zookeeper.tls: unknown tls section 'zkca' (read "zkca"; allowed: none: there is no section [tls.NAME])`]
  }
]

const common = {
  name: 'n',
  intervalSeconds: 60,
  sendIntervalSeconds: 60,
  threshold: 2,
  sendOnce: false,
  sendClose: false,
  templateOpen: '',
  templateClose: '',
  extras: {},
  groupAllowlist: '',
  groupDenylist: ''
}
const sending = { timeoutSeconds: 5, username: '', password: '', headers: {}, extraCa: '', noVerify: false }

const acceptances: readonly Acceptance[] = [
  {
    what: "send-close without a URL for it, as in Burrow's example",
    toml: http(close),
    value: c => c.notifiers.map(each => (each.className === 'http' ? each.urlClose : null)),
    is: ['http://x/'],
    warnings: ['notifier.n.url-close: not there, though send-close is true: close messages go to url-open']
  },
  {
    what: 'null without a template (A14)',
    toml: notifier('null'),
    value: c => c.notifiers,
    is: [{ className: 'null', ...common }]
  },
  {
    what: 'http with its defaults',
    toml: http(''),
    value: c => c.notifiers,
    is: [
      {
        className: 'http',
        ...common,
        templateOpen: join(folder, 'open.tmpl'),
        urlOpen: 'http://x/',
        urlClose: '',
        methodOpen: 'POST',
        methodClose: 'POST',
        keepaliveSeconds: 300,
        disableHttpKeepalive: false,
        ...sending
      }
    ]
  },
  {
    what: 'http with all its keys',
    toml: notifier(
      'http',
      `${open}${close}interval = 30\nsend-interval = 120\nthreshold = 3\nsend-once = true
      group-allowlist = "^prod-"\ngroup-denylist = "x"\nextras = { API_Key = "k", n = 5 }
      url-open = "https://p.example.org/{{.Cluster}}?id={{.ID}}"\nmethod-open = "PUT"
      url-close = "{{.Extras.base}}/close"\nmethod-close = "DELETE"
      timeout = 7\nkeepalive = 30\ndisable-http-keepalive = true\nusername = "u"\npassword = "p"
      extra-ca = ${at('ca.pem')}\nheaders = { X-Team = "streaming" }`
    ),
    value: c => c.notifiers,
    is: [
      {
        className: 'http',
        name: 'n',
        intervalSeconds: 30,
        sendIntervalSeconds: 120,
        threshold: 3,
        sendOnce: true,
        sendClose: true,
        templateOpen: join(folder, 'open.tmpl'),
        templateClose: join(folder, 'close.tmpl'),
        extras: { api_key: 'k', n: '5' },
        groupAllowlist: '^prod-',
        groupDenylist: 'x',
        urlOpen: 'https://p.example.org/{{.Cluster}}?id={{.ID}}',
        urlClose: '{{.Extras.base}}/close',
        methodOpen: 'PUT',
        methodClose: 'DELETE',
        keepaliveSeconds: 30,
        disableHttpKeepalive: true,
        timeoutSeconds: 7,
        username: 'u',
        password: 'p',
        headers: { 'x-team': 'streaming' },
        extraCa: join(folder, 'ca.pem'),
        noVerify: false
      }
    ]
  },
  {
    what: 'send-interval as interval, unless it is given',
    toml: notifier('null', 'interval = 15'),
    value: c => c.notifiers[0]?.sendIntervalSeconds,
    is: 15
  },
  {
    what: 'threshold 1, with a warning (F5)',
    toml: notifier('null', 'threshold = 1'),
    value: c => c.notifiers[0]?.threshold,
    is: 1,
    warnings: ['notifier.n.threshold: the same as 2: a group that is OK opens nothing']
  },
  {
    what: 'a template-close that is not there, if none is sent',
    toml: http('template-close = "/nowhere"'),
    value: c => c.notifiers[0]?.templateClose,
    is: ''
  },
  {
    what: 'extras from the environment, keys as written',
    toml: notifier('null', 'extras = { a = "b" }'),
    options: { environment: { BURROW_NOTIFIER_N_EXTRAS: '{"Tier":"prod","n":1}' } },
    value: c => c.notifiers[0]?.extras,
    is: { Tier: 'prod', n: '1' }
  },
  {
    what: 'an extra that is named as a property of every object',
    toml: notifier('null', 'extras = { constructor = "a", __proto__ = "b" }'),
    value: c => Object.entries(c.notifiers[0]?.extras ?? {}),
    is: [
      ['constructor', 'a'],
      ['__proto__', 'b']
    ]
  },
  {
    what: 'noverify, with a warning; extra-ca is then not looked at',
    toml: http('noverify = true\nextra-ca = "/nowhere"'),
    value: c => c.notifiers.map(each => each.className === 'http' && each.noVerify),
    is: [true],
    warnings: ['notifier.n.noverify: anybody could answer as this server']
  },
  {
    what: 'a password without a name, with a warning',
    toml: http('password = "p"'),
    value: c => c.notifiers.length,
    is: 1,
    warnings: ['notifier.n.password: not used without a username']
  },
  {
    what: 'a misspelt key, with a warning',
    toml: http('treshold = 3'),
    value: c => c.notifiers[0]?.threshold,
    is: 2,
    warnings: ['notifier.n.treshold: unknown key, not used; did you mean threshold?']
  },
  {
    what: 'e-mail with all its keys',
    toml: notifier(
      'email',
      `${open}server = "::1"\nport = 587\nauth-type = "CramMD5"\nusername = "u"\npassword = "p"
      from = "Burrow <b@example.org>"\nto = "a@example.org, Ops <o@example.org>,"\ntimeout = 20`
    ),
    value: c => c.notifiers,
    is: [
      {
        className: 'email',
        ...common,
        templateOpen: join(folder, 'open.tmpl'),
        server: '::1',
        port: 587,
        from: 'Burrow <b@example.org>',
        to: ['a@example.org', 'Ops <o@example.org>'],
        authType: 'crammd5',
        username: 'u',
        password: 'p',
        timeoutSeconds: 20,
        extraCa: '',
        noVerify: false
      }
    ]
  },
  {
    what: 'e-mail without a login, with a warning of what it does not use',
    toml: email('username = "u"\npassword = "p"'),
    value: c => c.notifiers.map(each => each.className === 'email' && [each.authType, each.timeoutSeconds]),
    is: [['', 10]],
    warnings: ['notifier.n.username: not used without auth-type', 'notifier.n.password: not used without auth-type']
  },
  {
    what: 'slack, username as the name of the bot',
    toml: notifier(
      'slack',
      'url = "https://hooks.example.org/x"\nchannel = "#lag"\nusername = "Burrow"\nicon-emoji = ":x:"'
    ),
    value: c => c.notifiers,
    is: [
      {
        className: 'slack',
        ...common,
        url: 'https://hooks.example.org/x',
        channel: '#lag',
        botName: 'Burrow',
        iconUrl: '',
        iconEmoji: ':x:',
        ...sending
      }
    ]
  },
  {
    what: 'pagerduty',
    toml: notifier('pagerduty', `routing-key = "${'a1'.repeat(16)}"\nsend-close = true`),
    value: c => c.notifiers,
    is: [
      {
        className: 'pagerduty',
        ...common,
        sendClose: true,
        url: 'https://events.pagerduty.com/v2/enqueue',
        routingKey: 'a1'.repeat(16),
        ...sending
      }
    ]
  },
  {
    what: 'teams',
    toml: notifier('teams', 'url = "https://teams.example.org/x"\ntimeout = "9"'),
    value: c => c.notifiers,
    is: [{ className: 'teams', ...common, url: 'https://teams.example.org/x', ...sending, timeoutSeconds: 9 }]
  },
  {
    what: 'alertmanager, its URLs as one string',
    toml: notifier('alertmanager', 'urls = "http://a:9093 https://b/am"\nlabels = { team = "x" }\nusername = "u"'),
    value: c => c.notifiers,
    is: [
      {
        className: 'alertmanager',
        ...common,
        urls: ['http://a:9093', 'https://b/am'],
        labels: { team: 'x' },
        ...sending,
        username: 'u'
      }
    ]
  },
  {
    what: 'zookeeper with its defaults',
    toml: notifier('null'),
    value: c => c.zookeeper,
    is: { servers: ['z:2181'], timeoutSeconds: 6, rootPath: '/burrow', tls: null }
  },
  {
    what: 'zookeeper with all its keys',
    toml: `${notifier('null').replace('[zookeeper]', '[zookeeper]\ntimeout = 10\nroot-path = "/"\ntls = "z"')}\n[tls.z]\nnoverify = true`,
    value: c => c.zookeeper,
    is: {
      servers: ['z:2181'],
      timeoutSeconds: 10,
      rootPath: '/',
      tls: { name: 'z', certFile: '', keyFile: '', caFile: '', noVerify: true }
    },
    warnings: ['zookeeper.tls: noverify of tls.z is not used for ZooKeeper']
  },
  {
    what: 'zookeeper that nobody needs, however it looks, with a warning',
    toml: `${working}[zookeeper]\nservers = []`,
    value: c => c.zookeeper,
    is: null,
    warnings: ['zookeeper: not used, there is no section [notifier.NAME]']
  },
  {
    what: 'a notifier without zookeeper, with a warning',
    toml: `${working}[notifier.n]\nclass-name = "null"`,
    value: c => c.zookeeper,
    is: null,
    warnings: ['zookeeper: no section, so every process with this file sends notifications']
  },
  {
    what: 'zookeeper from the environment alone',
    toml: `${working}[notifier.n]\nclass-name = "null"`,
    options: { environment: { BURROW_ZOOKEEPER_SERVERS: 'z1:2181 z2:2181' } },
    value: c => c.zookeeper?.servers,
    is: ['z1:2181', 'z2:2181']
  },
  {
    what: 'a notifier that a variable hides, as nothing',
    toml: `${working}[notifier.n]\nclass-name = "null"`,
    options: { environment: { BURROW_NOTIFIER: 'x' } },
    value: c => c.notifiers,
    is: [],
    warnings: ["notifier: the file's sections are not used, the variable BURROW_NOTIFIER hides them"]
  }
]

describe('config: notifiers and zookeeper', () => {
  refuse(refusals)
  accept(acceptances)
})

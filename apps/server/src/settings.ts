import { isIP } from 'node:net'
import { LoginName, NewSkillId, Password } from '@parley/contract'
import * as z from 'zod'

/** One environment variable of the server. */
export interface Setting {
  schema: z.ZodType
  /** What a right value is, in words that follow the name. */
  rule: string
  /** What it does, for the table in docs/settings.md. */
  meaning: string
  /** What the table in docs/settings.md shows where the schema has no default. */
  otherwise?: string
  /** A wrong value is not repeated in the message. */
  isSecret?: boolean
}

const Port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .pipe(z.number().max(65_535))
const PORT_RULE = 'must be a port: a whole number from 0 to 65535; 0 takes a free one'
const Count = z
  .string()
  .regex(/^\d{1,8}$/)
  .transform(Number)
  .pipe(z.number().min(1))
const COUNT_RULE = 'must be a whole number from 1 to 99999999'
const ADDRESSES = [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
const Text = z.string().min(1)
const PASSWORD_RULE =
  'must have 12 to 200 characters and be none of the passwords that are used most'
const TEXT_RULE = 'must not be empty'
const LOGIN_NAME_RULE = 'must have 1 to 254 characters, none of them a space'
const ENCODING_RULE =
  '; in its user and password write # as %23, / as %2F, ? as %3F, @ as %40 and % as %25'

/** The parts of a list, without the spaces around them. */
const List = z.string().transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
)

/** The second agent has the name of the first with one sign more. */
const FirstLoginName = LoginName.max(254)

const ApiKey = z
  .string()
  .regex(/^[^:]+(:[^:]+){3}$/)
  .transform((value) => {
    const [appKey = '', secret = '', accessToken = '', accessTokenSecret = ''] = value.split(':')
    return { appKey, secret, accessToken, accessTokenSecret }
  })

/** Whether the port of `host:port` is one. */
function hasPort(target: string): boolean {
  const port = Number(target.slice(target.indexOf(':') + 1))
  return port >= 1 && port <= 65_535
}

/** Whether a text is `address`, `address:port` or, for IPv6, `[address]:port`. */
function isNameServer(text: string): boolean {
  const [, bracketed, plain, port = '53'] =
    /^(?:\[([^\]]+)\]|([\d.]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  return isIP(bracketed ?? plain ?? text) !== 0 && Number(port) <= 65_535
}

/** All settings: the only list of their names, rules and meanings. */
export const SETTINGS = {
  PARLEY_PORT: {
    schema: Port.default(4800),
    rule: PORT_RULE,
    meaning: 'HTTP and WebSocket; 0 takes a free port',
  },
  PARLEY_TLS_PORT: { schema: Port.default(4843), rule: PORT_RULE, meaning: 'the same over TLS' },
  PARLEY_HOST: {
    schema: Text.default('127.0.0.1'),
    rule: 'must be an address or a name of this machine, such as 127.0.0.1 or 0.0.0.0',
    meaning: 'address to listen on',
  },
  PARLEY_DATA: {
    schema: Text.default('.parley'),
    rule: 'must be a folder that can be made and written',
    meaning: 'data directory: database, certificates, key of the secrets',
  },
  DATABASE_URL: {
    schema: z
      .url({ protocol: /^postgres(ql)?$/ })
      // Without // the host reads as a path, and the database of this machine is meant.
      .regex(/^\w+:\/\//)
      .refine(hasOneHost)
      .refine(isEncoded)
      .optional(),
    rule: `must be an address with one host, such as postgresql://user:password@host:5432/database${ENCODING_RULE}`,
    meaning: 'use this PostgreSQL (15 or newer, encoding UTF8) instead of the embedded one',
    isSecret: true,
  },
  PARLEY_DATABASE_CONNECTIONS: {
    schema: z
      .string()
      .regex(/^\d{1,3}$/)
      .transform(Number)
      .pipe(z.number().min(9))
      .default(17),
    rule: 'must be a whole number from 9 to 999',
    meaning: 'connections of this node to the database, at most; 7 of them have jobs of their own',
  },
  PARLEY_PUBLIC_URL: {
    // Paths are added to its end.
    schema: z
      .url({ protocol: /^https?$/ })
      .regex(/^[^?#]*$/)
      .optional(),
    rule: 'must be an address such as https://chat.example.com, without ? and #',
    meaning: 'address under which others reach this server, without a path',
  },
  PARLEY_TLS_CERT: {
    schema: Text.optional(),
    rule: 'must be the path of a certificate in PEM',
    meaning: "path of your own certificate, PEM, for every name but the vendor's",
  },
  PARLEY_TLS_KEY: {
    schema: Text.optional(),
    rule: 'must be the path of a private key in PEM',
    meaning: 'path of its key, PEM',
  },
  PARLEY_TRUSTED_PROXIES: {
    schema: List.pipe(z.array(z.union(ADDRESSES))).default([]),
    rule: 'must be IP addresses and CIDR ranges, separated by commas, such as 10.0.0.0/8,::1',
    meaning: 'addresses and CIDR ranges, separated by commas, whose `X-Forwarded-For` is believed',
  },
  PARLEY_SMTP_URL: {
    // Without a host the mail server of this machine is meant.
    schema: z
      .url({ protocol: /^smtps?$/, hostname: /./ })
      .refine(isEncoded)
      .optional(),
    rule: `must be an address such as smtps://user:password@mail.example.com:465${ENCODING_RULE}`,
    meaning: 'mail server for transcripts and reports',
    isSecret: true,
  },
  PARLEY_SECRETS_KEY: {
    schema: z
      .string()
      .regex(/^[0-9a-f]{64}$/i)
      .optional(),
    rule: 'must be 64 hexadecimal digits',
    meaning: '64 hexadecimal digits; encrypts secrets at rest',
    otherwise: 'a file in the data directory',
    isSecret: true,
  },
  PARLEY_EGRESS_PRIVATE: {
    schema: List.pipe(
      z.array(
        z
          .string()
          .regex(/^[^:\s]+:\d{1,5}$/)
          .refine(hasPort),
      ),
    ).default([]),
    rule: 'must be targets as host:port, separated by commas, such as 10.1.2.3:8080',
    meaning: 'private or local `host:port` that functions may reach, separated by commas',
  },
  PARLEY_NAME_SERVERS: {
    schema: List.pipe(z.array(z.string().refine(isNameServer))).default([]),
    rule: 'must be IP addresses, each with a port if it is not 53, separated by commas, such as 10.0.0.2,[::1]:5353',
    meaning:
      'name servers for the hosts that functions call: IP addresses, each with `:port` if it is not 53, separated by commas',
    otherwise: 'those of `/etc/resolv.conf`',
  },
  PARLEY_CONNECTIONS: {
    schema: Count.default(50_000),
    rule: COUNT_RULE,
    meaning: 'connections to this node at once, WebSockets included',
  },
  PARLEY_CONNECTIONS_PER_ADDRESS: {
    schema: Count.default(2000),
    rule: COUNT_RULE,
    meaning: 'those of one address that is no trusted proxy',
  },
  PARLEY_SOCKETS_PER_ADDRESS: {
    schema: Count.default(1000),
    rule: COUNT_RULE,
    meaning: "WebSockets of one client's address at once",
  },
  PARLEY_SIGN_UPS_PER_MINUTE: {
    schema: Count.default(600),
    rule: COUNT_RULE,
    meaning: "tokens of consumers that one client's address gets",
  },
  PARLEY_CONVERSATIONS_PER_MINUTE: {
    schema: Count.default(300),
    rule: COUNT_RULE,
    meaning: "conversations that consumers of one client's address open",
  },
  PARLEY_OVERLOAD_MS: {
    schema: Count.default(250),
    rule: COUNT_RULE,
    meaning: 'how late this node may be, in milliseconds, before it refuses requests with 503',
  },
  PARLEY_STOP_NOTICE_MS: {
    schema: z.union([z.literal('0').transform(Number), Count]).default(0),
    rule: 'must be a whole number from 0 to 99999999',
    meaning: 'milliseconds in which a node that stops still serves, while `/health` says 503',
  },
  PARLEY_FUNCTIONS_AS_ROOT: {
    schema: z.enum(['yes', 'no']).default('no'),
    rule: 'must be yes or no',
    meaning:
      '`yes` lets a server that runs as root run functions as root too, where `setpriv` (util-linux) is missing',
  },
  PARLEY_OPERATOR_KEY: {
    schema: z
      .string()
      .regex(/^[\x21-\x7e]{32,200}$/)
      .optional(),
    rule: 'must have 32 to 200 characters, none of them a space',
    meaning:
      'turns the API on by which the operator makes, lists, suspends, resumes, exports and ends accounts, and gives an administrator a new password',
    isSecret: true,
  },
  PARLEY_LOG_LEVEL: {
    schema: z.enum(LOG_LEVELS).default('info'),
    rule: `must be one of ${LOG_LEVELS.join(', ')}`,
    meaning: LOG_LEVELS.join(', '),
  },
  PARLEY_CLOCK: {
    schema: z.enum(['system', 'virtual']).default('system'),
    rule: 'must be system or virtual',
    meaning:
      '`virtual` can be moved with `parley clock`; for development, refused with `DATABASE_URL` or a public host',
  },
  PARLEY_ACCOUNT: {
    schema: z
      .string()
      .regex(/^\w{1,32}$/)
      .default('12345678'),
    rule: 'must be 1 to 32 letters, digits or _',
    meaning: 'first start: id of the demo account',
  },
  PARLEY_ADMIN_USER: {
    schema: FirstLoginName.optional(),
    rule: LOGIN_NAME_RULE,
    meaning: 'first start: login name of the administrator',
    otherwise: 'generated',
  },
  PARLEY_ADMIN_PASSWORD: {
    schema: Password.optional(),
    rule: PASSWORD_RULE,
    meaning: 'first start: its password, 12 characters or more',
    otherwise: 'generated',
    isSecret: true,
  },
  PARLEY_AGENT_USER: {
    schema: FirstLoginName.optional(),
    rule: LOGIN_NAME_RULE,
    meaning: 'first start: login name of the first agent',
    otherwise: 'generated',
  },
  PARLEY_AGENT_PASSWORD: {
    schema: Password.optional(),
    rule: PASSWORD_RULE,
    meaning: 'first start: its password, 12 characters or more',
    otherwise: 'generated',
    isSecret: true,
  },
  PARLEY_CLIENT_ID: {
    schema: Text.optional(),
    rule: TEXT_RULE,
    meaning: 'first start: id of the OAuth2 application',
    otherwise: 'generated',
  },
  PARLEY_CLIENT_SECRET: {
    schema: z.string().min(8).optional(),
    rule: 'must have at least 8 characters',
    meaning: 'first start: its secret, 8 characters or more',
    otherwise: 'generated',
    isSecret: true,
  },
  PARLEY_SKILLS: {
    schema: List.pipe(z.array(NewSkillId).min(1))
      .refine((ids) => new Set(ids).size === ids.length)
      .default(['1001', '1002']),
    rule: 'must be skill ids of at most 15 digits without zeros before them, each once, separated by commas, such as 1001,1002',
    meaning: 'first start: ids of the skills',
  },
  PARLEY_API_KEY: {
    schema: ApiKey.optional(),
    rule: 'must read appKey:secret:accessToken:accessTokenSecret',
    meaning: 'first start: OAuth1 keys as `appKey:secret:accessToken:accessTokenSecret`',
    otherwise: 'generated',
    isSecret: true,
  },
} as const satisfies Record<string, Setting>

export type SettingName = keyof typeof SETTINGS
export type SettingValues = {
  [Name in SettingName]: z.output<(typeof SETTINGS)[Name]['schema']>
}

/** Names that other programs of this repository read. The server leaves them alone. */
export const OTHER_NAMES = [
  'PARLEY_WITH',
  'PARLEY_TEST_FRAMES',
  'PARLEY_TEST_KILLS',
  'PARLEY_CONFINEMENT',
  'PARLEY_URL',
]

/** Hosts may also stand in the query, as paths of sockets do. */
function hasOneHost(text: string): boolean {
  const url = URL.parse(text)
  if (!url) return false
  const named = [url.host, ...url.searchParams.getAll('host')]
  return url.searchParams.getAll('host').length <= 1 && !named.some((host) => host.includes(','))
}

/** Whether no part of a password begins another part of the address: `user:1#2@host` reads as port 1 of the host `user`. */
function isEncoded(text: string): boolean {
  const url = URL.parse(text)
  return url?.hash === '' && !`${url.pathname}${[...url.searchParams.keys()].join()}`.includes('@')
}

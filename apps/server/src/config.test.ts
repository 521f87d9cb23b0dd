import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { type Setting, SETTINGS } from './settings.ts'

const SETTINGS_DOCUMENT = join(import.meta.dirname, '../../../docs/settings.md')

test('every wrong setting is named at once, with its value and its rule', () => {
  expect(() =>
    readConfig({ PARLEY_PORT: 'eighty', PARLEY_LOG_LEVEL: 'loud', PARLEY_SKILLS: 'sales' }),
  ).toThrow(
    `Cannot start:
  PARLEY_PORT=eighty: must be a port: a whole number from 0 to 65535; 0 takes a free one
  PARLEY_LOG_LEVEL=loud: must be one of trace, debug, info, warn, error, fatal, silent
  PARLEY_SKILLS=sales: must be skill ids of at most 15 digits without zeros before them, each once, separated by commas, such as 1001,1002`,
  )
})

test.each([
  ['PARLEY_PORT', '70000'],
  ['PARLEY_PORT', '80.5'],
  ['PARLEY_TLS_PORT', '-1'],
  ['PARLEY_PUBLIC_URL', 'chat.example.com'],
  ['PARLEY_PUBLIC_URL', 'https://chat.example.com/?shop=1'],
  ['PARLEY_EGRESS_PRIVATE', '10.0.0.1:70000'],
  ['PARLEY_SKILLS', '1001,1001'],
  ['PARLEY_SKILLS', '1001,9999999999999999999'],
  ['PARLEY_ADMIN_USER', 'Ada Lovelace'],
  ['PARLEY_AGENT_USER', '  '],
  ['PARLEY_AGENT_USER', 'a'.repeat(255)],
  ['PARLEY_TRUSTED_PROXIES', '10.0.0.0/99'],
  ['PARLEY_EGRESS_PRIVATE', 'http://10.0.0.1'],
  ['PARLEY_NAME_SERVERS', 'dns.example.com'],
  ['PARLEY_FUNCTIONS_AS_ROOT', 'true'],
  ['PARLEY_CLOCK', 'fast'],
  ['PARLEY_DATABASE_CONNECTIONS', '8'],
  ['PARLEY_ACCOUNT', 'my account'],
] as const)('%s=%s is refused with its rule', (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(
    `Cannot start:\n  ${name}=${value}: ${SETTINGS[name].rule}`,
  )
})

test.each([
  'DATABASE_URL',
  'PARLEY_SMTP_URL',
  'PARLEY_SECRETS_KEY',
  'PARLEY_OPERATOR_KEY',
  'PARLEY_ADMIN_PASSWORD',
  'PARLEY_AGENT_PASSWORD',
  'PARLEY_CLIENT_SECRET',
  'PARLEY_API_KEY',
] as const)('a wrong value of %s is not repeated', (name) => {
  expect(() => readConfig({ [name]: 'hunter2' })).toThrow(
    `Cannot start:\n  ${name}=(hidden): ${SETTINGS[name].rule}`,
  )
})

test.each([
  'postgresql:db.example.com/parley',
  'postgresql://a:5432,b:5432/parley',
  'postgresql://parley@a,b/parley',
  'postgresql://localhost/parley?host=a,b',
  'postgresql://localhost/parley?host=/run/a&host=/run/b',
])('a DATABASE_URL without a host, or with several, is refused (%s)', (url) => {
  expect(() => readConfig({ DATABASE_URL: url })).toThrow('must be an address with one host')
})

test.each(['smtp://', 'smtps:///mail', 'smtp:parley:password@mail.example.com:25'])(
  'a mail server without a host is refused (%s)',
  (url) => {
    expect(() => readConfig({ PARLEY_SMTP_URL: url })).toThrow('must be an address such as smtps:')
  },
)

test.each([
  ['DATABASE_URL', 'postgresql://parley:PASSWORD@db.example:5432/parley'],
  ['PARLEY_SMTP_URL', 'smtp://parley:PASSWORD@mail.example:25'],
] as const)('a password that ends early in %s is refused, with how it is written', (name, url) => {
  for (const password of ['a#b', '12#b', 'a/b', '12/b', 'a?b', '12?b']) {
    expect(() => readConfig({ [name]: url.replace('PASSWORD', password) })).toThrow(
      /=\(hidden\): must be an address .*; in its user and password write # as %23/,
    )
  }
  for (const password of ['a%23b', 'a@b', 'a%40b', 'a b', '12%2Fb']) {
    expect(() => readConfig({ [name]: url.replace('PASSWORD', password) })).not.toThrow()
  }
})

test.each([
  ['PARLEY_PROT', 'did you mean PARLEY_PORT?'],
  ['PARLEY_DATA_DIR', 'did you mean PARLEY_DATA?'],
  ['PARLEY_ADMIN_PASS', 'did you mean PARLEY_ADMIN_USER?'],
  ['PARLEY_XYZXYZXYZXYZXYZ', 'docs/settings.md lists all settings'],
])('the unknown setting %s is refused: %s', (name, hint) => {
  expect(() => readConfig({ [name]: '1' })).toThrow(
    `Cannot start:\n  ${name}: there is no such setting; ${hint}`,
  )
})

test('settings that do not go together are refused', () => {
  expect(() => readConfig({ PARLEY_TLS_CERT: 'cert.pem' })).toThrow('PARLEY_TLS_KEY: must be given')
  expect(() => readConfig({ PARLEY_TLS_KEY: 'key.pem' })).toThrow('PARLEY_TLS_CERT: must be given')
  expect(() => readConfig({ PARLEY_PORT: '4800', PARLEY_TLS_PORT: '4800' })).toThrow(
    'PARLEY_TLS_PORT=4800: must differ from PARLEY_PORT',
  )
  const virtual = { PARLEY_CLOCK: 'virtual', PARLEY_HOST: '0.0.0.0' }
  expect(() => readConfig(virtual)).toThrow('PARLEY_CLOCK=virtual: must be system')
})

test.each([
  [{ PARLEY_ADMIN_USER: 'Agent' }, 'PARLEY_ADMIN_USER=Agent'],
  [
    { PARLEY_ADMIN_USER: 'ada2@a.de', PARLEY_AGENT_USER: 'ada@a.de' },
    'PARLEY_ADMIN_USER=ada2@a.de',
  ],
  [{ PARLEY_AGENT_USER: 'admin' }, 'PARLEY_ADMIN_USER=admin'],
])('an administrator with the login name of an agent is refused (%o)', (given, named) => {
  expect(() => readConfig(given)).toThrow(
    `Cannot start:\n  ${named}: must differ from the login names of the two agents`,
  )
})

test('an empty value counts as absent', () => {
  expect(readConfig({ PARLEY_PORT: '', PARLEY_PROT: '' }).port).toBe(4800)
})

function defaultOf({ schema, otherwise = 'none' }: Setting): string {
  const value: unknown = schema.parse(undefined)
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return otherwise
  return Array.isArray(value) ? value.join(',') : z.coerce.string().parse(value)
}

test('the documentation lists every setting with its default and its meaning', () => {
  const text = readFileSync(SETTINGS_DOCUMENT, 'utf8')
  const rows = Object.entries(SETTINGS).map(
    ([name, setting]) => `| \`${name}\` | ${defaultOf(setting)} | ${setting.meaning} |`,
  )
  const documented = text.split('\n').filter((line) => /^\| `[A-Z_]+`/.test(line))
  expect(documented).toEqual(rows)
})

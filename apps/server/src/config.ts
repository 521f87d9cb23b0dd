import { join, resolve } from 'node:path'
import { firstLoginNames, nearestName } from '@parley/contract'
import {
  OTHER_NAMES,
  type Setting,
  type SettingName,
  SETTINGS,
  type SettingValues,
} from './settings.ts'

const LOOPBACK_HOSTS = new Set(['127.0.0.1', '::1', 'localhost'])
const NAMES = Object.keys(SETTINGS) as SettingName[]

export type Config = ReturnType<typeof readConfig>

/**
 * The only reader of the environment. Fails at start, naming every wrong setting at once.
 * @throws an `Error` whose message lists each wrong setting with its value and its rule, and each unknown `PARLEY_` name with
 * the nearest right one
 */
export function readConfig(env: NodeJS.ProcessEnv) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const e = readSettings(given)
  const dataDir = resolve(e.PARLEY_DATA)
  return {
    host: e.PARLEY_HOST,
    port: e.PARLEY_PORT,
    tlsPort: e.PARLEY_TLS_PORT,
    /** Paths of the user's own certificate and key, in PEM. */
    ownCertificate:
      e.PARLEY_TLS_CERT && e.PARLEY_TLS_KEY
        ? { certificatePath: e.PARLEY_TLS_CERT, keyPath: e.PARLEY_TLS_KEY }
        : undefined,
    publicUrl: e.PARLEY_PUBLIC_URL,
    dataDir,
    db: e.DATABASE_URL
      ? { kind: 'given' as const, url: e.DATABASE_URL, connections: e.PARLEY_DATABASE_CONNECTIONS }
      : {
          kind: 'embedded' as const,
          dir: join(dataDir, 'postgres'),
          connections: e.PARLEY_DATABASE_CONNECTIONS,
        },
    smtpUrl: e.PARLEY_SMTP_URL,
    secretsKey: e.PARLEY_SECRETS_KEY,
    logLevel: e.PARLEY_LOG_LEVEL,
    clock: e.PARLEY_CLOCK,
    egressPrivate: e.PARLEY_EGRESS_PRIVATE,
    /** Asked for the names that functions call. Empty: those of the system. */
    nameServers: e.PARLEY_NAME_SERVERS,
    trustedProxies: e.PARLEY_TRUSTED_PROXIES,
    /** Limits of this node against strangers. Those of an address count an IPv6 /64 as one. */
    connections: { limit: e.PARLEY_CONNECTIONS, each: e.PARLEY_CONNECTIONS_PER_ADDRESS },
    overloadMs: e.PARLEY_OVERLOAD_MS,
    stopNoticeMs: e.PARLEY_STOP_NOTICE_MS,
    perAddress: {
      sockets: e.PARLEY_SOCKETS_PER_ADDRESS,
      signUpsPerMinute: e.PARLEY_SIGN_UPS_PER_MINUTE,
      conversationsPerMinute: e.PARLEY_CONVERSATIONS_PER_MINUTE,
    },
    /** Without it there is no operator's API. */
    operatorKey: e.PARLEY_OPERATOR_KEY,
    functionsAsRoot: e.PARLEY_FUNCTIONS_AS_ROOT === 'yes',
    /** What the first start creates. A value that is absent is generated and printed once. */
    firstRun: {
      accountId: e.PARLEY_ACCOUNT,
      adminUser: e.PARLEY_ADMIN_USER,
      adminPassword: e.PARLEY_ADMIN_PASSWORD,
      agentUser: e.PARLEY_AGENT_USER,
      agentPassword: e.PARLEY_AGENT_PASSWORD,
      clientId: e.PARLEY_CLIENT_ID,
      clientSecret: e.PARLEY_CLIENT_SECRET,
      skillIds: e.PARLEY_SKILLS,
      apiKey: e.PARLEY_API_KEY,
    },
  }
}

function readSettings(given: NodeJS.ProcessEnv): SettingValues {
  const problems = unknownNames(given)
  const values: Partial<Record<SettingName, unknown>> = {}
  for (const name of NAMES) {
    const { schema, rule, isSecret }: Setting = SETTINGS[name]
    const parsed = schema.safeParse(given[name])
    if (parsed.success) values[name] = parsed.data
    else problems.push(`${name}=${isSecret ? '(hidden)' : given[name]}: ${rule}`)
  }
  if (problems.length === 0) {
    // Every name has the value that its own schema has made.
    const whole = values as SettingValues
    problems.push(...conflicts(whole))
    if (problems.length === 0) return whole
  }
  throw new Error(['Cannot start:', ...problems.map((problem) => `  ${problem}`)].join('\n'))
}

function unknownNames(given: NodeJS.ProcessEnv): string[] {
  const known = new Set<string>([...NAMES, ...OTHER_NAMES])
  return Object.keys(given)
    .filter((name) => name.startsWith('PARLEY_') && !known.has(name))
    .map((name) => {
      const nearest = nearestName(name, NAMES)
      const hint = nearest ? `did you mean ${nearest}?` : 'docs/settings.md lists all settings'
      return `${name}: there is no such setting; ${hint}`
    })
}

/** What each setting allows, but not together. */
function conflicts(e: SettingValues): string[] {
  const problems: string[] = []
  if (e.PARLEY_CLOCK === 'virtual' && e.DATABASE_URL !== undefined) {
    problems.push('PARLEY_CLOCK=virtual: must be system where DATABASE_URL is set')
  }
  if (e.PARLEY_CLOCK === 'virtual' && !LOOPBACK_HOSTS.has(e.PARLEY_HOST)) {
    problems.push(`PARLEY_CLOCK=virtual: must be system where PARLEY_HOST is not loopback`)
  }
  const [present, missing] =
    e.PARLEY_TLS_CERT === undefined
      ? [e.PARLEY_TLS_KEY, 'PARLEY_TLS_CERT']
      : [e.PARLEY_TLS_KEY === undefined, 'PARLEY_TLS_KEY']
  if (present) problems.push(`${missing}: must be given, because the other half of the pair is`)
  if (e.PARLEY_PORT !== 0 && e.PARLEY_PORT === e.PARLEY_TLS_PORT) {
    problems.push(`PARLEY_TLS_PORT=${e.PARLEY_TLS_PORT}: must differ from PARLEY_PORT`)
  }
  const { adminUser, agentUsers } = firstLoginNames(e.PARLEY_ADMIN_USER, e.PARLEY_AGENT_USER)
  const isSame = (name: string) => name.toLowerCase() === adminUser.toLowerCase()
  if (agentUsers.some(isSame)) {
    problems.push(
      `PARLEY_ADMIN_USER=${adminUser}: must differ from the login names of the two agents, ${agentUsers.join(' and ')}`,
    )
  }
  return problems
}

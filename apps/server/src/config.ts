import { join, resolve } from 'node:path'
import { z } from 'zod'

const Port = z.coerce.number().int().min(0).max(65_535)
const ADDRESSES = [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]
const LOOPBACK_HOSTS = new Set(['127.0.0.1', '::1', 'localhost'])

const ApiKey = z
  .string()
  .regex(/^[^:]+(:[^:]+){3}$/, 'must read appKey:secret:accessToken:accessTokenSecret')
  .transform((value) => {
    const [appKey = '', secret = '', accessToken = '', accessTokenSecret = ''] = value.split(':')
    return { appKey, secret, accessToken, accessTokenSecret }
  })

const Env = z.object({
  PARLEY_PORT: Port.default(4800),
  PARLEY_TLS_PORT: Port.default(4843),
  PARLEY_HOST: z.string().min(1).default('127.0.0.1'),
  PARLEY_DATA: z.string().min(1).default('.parley'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  PARLEY_SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  PARLEY_SECRETS_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits')
    .optional(),
  PARLEY_TLS_CERT: z.string().min(1).optional(),
  PARLEY_TLS_KEY: z.string().min(1).optional(),
  PARLEY_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  PARLEY_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info'),
  PARLEY_CLOCK: z.enum(['system', 'virtual']).default('system'),
  PARLEY_EGRESS_PRIVATE: z
    .string()
    .default('')
    .transform((value) => value.split(',').filter(Boolean))
    .pipe(z.array(z.string().regex(/^[^:\s]+:\d{1,5}$/, 'must be a list of host:port'))),
  PARLEY_TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((value) =>
      value
        .split(',')
        .map((entry) => entry.trim())
        .filter(Boolean),
    )
    .pipe(z.array(z.union(ADDRESSES, 'must be a list of IP addresses and CIDR ranges'))),
  PARLEY_FUNCTIONS_AS_ROOT: z.enum(['yes', 'no']).default('no'),
  PARLEY_ACCOUNT: z
    .string()
    .regex(/^\w{1,32}$/)
    .default('12345678'),
  PARLEY_ADMIN_USER: z.string().min(1).optional(),
  PARLEY_ADMIN_PASSWORD: z.string().min(8).optional(),
  PARLEY_AGENT_USER: z.string().min(1).optional(),
  PARLEY_AGENT_PASSWORD: z.string().min(8).optional(),
  PARLEY_CLIENT_ID: z.string().min(1).optional(),
  PARLEY_CLIENT_SECRET: z.string().min(8).optional(),
  PARLEY_SKILLS: z
    .string()
    .default('1001,1002')
    .transform((value) => value.split(',').filter(Boolean))
    .pipe(z.array(z.string().regex(/^\d+$/, 'must be a list of numeric skill ids')).min(1)),
  PARLEY_API_KEY: ApiKey.optional(),
})

export type Config = ReturnType<typeof readConfig>

/**
 * The only reader of the environment. Fails at start, naming every bad setting at once.
 * @throws an `Error` whose message lists each setting with the rule that it breaks
 */
export function readConfig(env: NodeJS.ProcessEnv) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = Env.safeParse(given)
  if (!parsed.success) throw new Error(`Cannot start: ${z.prettifyError(parsed.error)}`)
  const e = parsed.data
  if (e.PARLEY_CLOCK === 'virtual') {
    if (e.DATABASE_URL) {
      throw new Error('Cannot start: PARLEY_CLOCK=virtual is refused when DATABASE_URL is set')
    }
    if (!LOOPBACK_HOSTS.has(e.PARLEY_HOST)) {
      throw new Error(
        'Cannot start: PARLEY_CLOCK=virtual is refused unless PARLEY_HOST is loopback',
      )
    }
  }
  if ((e.PARLEY_TLS_CERT === undefined) !== (e.PARLEY_TLS_KEY === undefined)) {
    throw new Error('Cannot start: PARLEY_TLS_CERT and PARLEY_TLS_KEY go together')
  }
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
      ? { kind: 'given' as const, url: e.DATABASE_URL }
      : { kind: 'embedded' as const, dir: join(dataDir, 'postgres') },
    smtpUrl: e.PARLEY_SMTP_URL,
    secretsKey: e.PARLEY_SECRETS_KEY,
    logLevel: e.PARLEY_LOG_LEVEL,
    clock: e.PARLEY_CLOCK,
    egressPrivate: e.PARLEY_EGRESS_PRIVATE,
    trustedProxies: e.PARLEY_TRUSTED_PROXIES,
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

import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { describeFailure } from '#faas/invocations'
import { openLogger, ParleyError, randomIds, systemClock, systemMonotonic } from '#base/kernel'
import {
  type LogEntry,
  openSandbox,
  prepareSandbox,
  type SandboxOutcome,
  type SandboxPorts,
} from '#faas/sandbox'
import { checkSource } from '#faas/source'
import { matchesHost } from '#base/http'

const KeyValue = z.object({ key: z.string(), value: z.string() })

/** `config.json` of a project folder of the published command line. */
const ProjectConfig = z.looseObject({
  name: z.string().optional(),
  input: z.unknown(),
  environmentVariables: z.array(KeyValue).default([]),
})

/** `settings.json` beside the folders of the functions. */
const ProjectSettings = z.looseObject({
  secrets: z.array(z.object({ key: z.string(), value: z.unknown() })).default([]),
  whitelist: z.array(z.string()).default([]),
})

const MAX_CODE_CHARACTERS = 100_000
const MAX_SECRET_CHARACTERS = 10_000
const NO_SECRET = 'com.liveperson.faas.secret.not-found'
const SETTINGS = { name: 'settings.json', absent: '{}' }

/** As `lpf invoke --local` prints it. */
export type LocalAnswer =
  | { result?: unknown; logs: LogEntry[] }
  | { errorCode: string; errorMsg: unknown; errorLogs: LogEntry[] }

/**
 * Runs the function of a project folder in the sandbox, without a server. Secrets and allowlist
 * come from `settings.json` in the folder above; what the function changes of them ends with the run.
 * @throws an `Error` that names the file and what is wrong with it
 */
export async function runFolder(
  folder: string,
  { cacheDir, accountId }: { cacheDir: string; accountId: string },
): Promise<LocalAnswer> {
  const code = await read(folder, 'index.js')
  const config = parse(ProjectConfig, await read(folder, 'config.json'), 'config.json')
  const settings = parse(
    ProjectSettings,
    await read(join(folder, '..'), SETTINGS.name, SETTINGS.absent),
    SETTINGS.name,
  )
  const checked = await checkSource(code, { maxCharacters: MAX_CODE_CHARACTERS })
  if (!checked.ok) {
    const [problem] = checked.problems
    const place = problem?.line ? `:${problem.line}:${problem.column ?? 0}` : ''
    throw new Error(`index.js${place}: ${problem?.message ?? 'cannot be used'}`)
  }

  await using opened = new AsyncDisposableStack()
  const logger = opened.use(openLogger('warn'))
  const base = { logger, clock: systemClock(), monotonic: systemMonotonic(), ids: randomIds() }
  const prepared = opened.use(await prepareSandbox(base, { cacheDir, limits: { warmPool: 1 } }))
  const sandbox = opened.use(openSandbox({ ...base, prepared, ports: localPorts(settings) }))
  const { javascript, delivers } = checked.compiled
  const variables = config.environmentVariables.filter(({ key }) => key !== '')
  const outcome = await sandbox.invoke({
    version: {
      accountId,
      functionId: config.name ?? basename(folder),
      deploymentId: 'local',
      code: javascript,
      delivers,
      env: Object.fromEntries(variables.map(({ key, value }) => [key, value])),
    },
    invocationId: 'local',
    body: Buffer.from(JSON.stringify(config.input ?? { headers: [], payload: {} })),
    keepDebug: true,
  })
  return answerOf(outcome)
}

function localPorts({ secrets, whitelist }: z.infer<typeof ProjectSettings>): SandboxPorts {
  const values = new Map(secrets.map(({ key, value }) => [key, value]))
  const known = (key: string) => {
    if (values.has(key)) return { key, value: values.get(key) }
    throw Object.assign(new Error(`There is no Secret ${key} in settings.json`), {
      code: NO_SECRET,
    })
  }
  return {
    internal: () => undefined,
    allowed: (_accountId, host) => whitelist.some((entry) => matchesHost(entry, host)),
    readSecret: async (_accountId, _functionId, key) => known(key),
    async updateSecret(_accountId, _functionId, key, value) {
      known(key)
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      if (text.length > MAX_SECRET_CHARACTERS) {
        const message = `Provided Secret Value exceeds allowed length of ${MAX_SECRET_CHARACTERS}`
        throw new ParleyError('secret_too_large', message)
      }
      values.set(key, value)
      return { key, value }
    },
    async platformCall(_accountId, _functionId, kind) {
      if (kind === 'secret.used') return [...values].map(([key, value]) => ({ key, value }))
      throw new ParleyError('not_supported', `"${kind}" needs a server: deploy the function`)
    },
    refused: ({ host }) =>
      process.stderr.write(`Refused: "${host}" is not in the whitelist of settings.json\n`),
  }
}

function answerOf(outcome: SandboxOutcome): LocalAnswer {
  const { logs } = outcome
  if (!outcome.ok) {
    const { errorCode, message } = describeFailure(outcome)
    return { errorCode, errorMsg: message, errorLogs: logs }
  }
  const result: unknown = outcome.result && JSON.parse(Buffer.from(outcome.result).toString())
  return { ...(result !== undefined && { result }), logs }
}

async function read(folder: string, name: string, absent?: string): Promise<string> {
  try {
    return await readFile(join(folder, name), 'utf8')
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    if (isMissing && absent !== undefined) return absent
    throw new Error(`Cannot read ${join(folder, name)}: is this a folder of a function?`, { cause })
  }
}

function parse<T>(schema: z.ZodType<T>, text: string, name: string): T {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Error(`${name} is not JSON: ${String(cause)}`, { cause })
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new Error(`${name}: ${z.prettifyError(parsed.error)}`)
}

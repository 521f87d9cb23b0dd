import { DEFAULT_LIMITS, type KeyValue, type SourceProblem } from '@parley/contract'
import {
  messageOf,
  openLogger,
  ParleyError,
  randomIds,
  systemClock,
  systemMonotonic,
} from '#base/kernel'
import { isOwnHost } from '#base/http'
import { allowsHost, missingDomain } from '#faas/function-config'
import { checkEnvironment } from '#faas/functions'
import { describeFailure, inSource, withPlatformEntries } from '#faas/invocations'
import {
  type LogEntry,
  openSandbox,
  prepareSandbox,
  type SandboxOutcome,
  type SandboxPorts,
} from '#faas/sandbox'
import { openCompiler, placesInSource } from '#faas/source'
import type { Project, ProjectSettings } from './find-project.ts'
import { eventIdOf } from './input-of.ts'
import { openLocalSecrets } from './local-secrets.ts'

const INVOCATION_ID = 'local'
const NEEDS_SERVER =
  'Services of the platform need a server: deploy the function, or run parley dev'

/** As `lpf invoke --local` prints it, with the platform's entries about the failure and refused calls. */
export type LocalAnswer =
  | { result?: unknown; logs: LogEntry[] }
  | { errorCode: string; errorMsg: unknown; errorLogs: LogEntry[] }

export interface LocalRunOptions {
  /** Where the sandbox keeps what it has built. */
  cacheDir: string
  accountId: string
  /** Instead of the event of `config.json`: its id or its name. Types are checked against what it gives. */
  event?: string | undefined
  /** Hears what is worth a second look in the source, with file, line and column. */
  warn(text: string): void
}

/**
 * Runs a function in the sandbox, without a server. Secrets and allowlist come from `settings.json`; what the function
 * changes of them ends with the run.
 * @throws an `Error` that names file, line and column of a source that cannot be used
 */
export async function runProject(
  project: Project,
  input: unknown,
  { cacheDir, accountId, event, warn }: LocalRunOptions,
): Promise<LocalAnswer> {
  const { config, file, name, settings } = project
  const variables = (config.environmentVariables ?? []).filter(({ key }) => key !== '')
  checkVariables(variables)
  const { javascript, delivers, sourceMap, warnings } = await compile(project, event)
  for (const warning of warnings) warn(warning)
  await using opened = new AsyncDisposableStack()
  const logger = opened.use(openLogger('warn'))
  const base = { logger, clock: systemClock(), monotonic: systemMonotonic(), ids: randomIds() }
  const prepared = opened.use(await prepareSandbox(base, { cacheDir, limits: { warmPool: 1 } }))
  const sandbox = opened.use(openSandbox({ ...base, prepared, ports: localPorts(settings) }))
  const outcome = await sandbox.invoke({
    version: {
      accountId,
      functionId: name,
      deploymentId: 'local',
      code: javascript,
      delivers,
      env: Object.fromEntries(variables.map(({ key, value }) => [key, value])),
    },
    invocationId: INVOCATION_ID,
    body: Buffer.from(JSON.stringify(input)),
    keepDebug: true,
  })
  return answerOf(inSource(outcome, placesInSource(sourceMap, file)), base.clock.now())
}

/** As a server does that deploys it. */
function checkVariables(variables: readonly KeyValue[]): void {
  try {
    checkEnvironment(variables, DEFAULT_LIMITS)
  } catch (cause) {
    const said = messageOf(cause).replace(/^body\.environment/, 'environmentVariables')
    throw new Error(`config.json: ${said}`, { cause })
  }
}

async function compile({ code, config, file, language }: Project, event?: string) {
  using compiler = openCompiler({ monotonic: systemMonotonic() })
  const options = {
    language,
    maxCharacters: DEFAULT_LIMITS.codeCharacters,
    types: true,
    eventId: eventIdOf(event ?? config.event),
  }
  const checked = await compiler.check('local', code, options)
  const said = ({ line, column = 1, message }: SourceProblem) =>
    `${file}${line === undefined ? '' : `:${line}:${column}`}: ${message}`
  if (checked.ok) return { ...checked.compiled, warnings: checked.warnings.map(said) }
  throw new Error(checked.problems.map(said).join('\n'))
}

function localPorts({ secrets, whitelist }: ProjectSettings): SandboxPorts {
  const { readSecret, updateSecret, used } = openLocalSecrets(secrets)
  return {
    internal: () => undefined,
    allowed: (_accountId, host) => allowsHost(whitelist, host),
    readSecret,
    updateSecret,
    async platformCall(_accountId, _functionId, kind) {
      if (kind === 'secret.used') return used()
      throw new ParleyError('not_supported', NEEDS_SERVER)
    },
    // The log says so.
    refused: () => undefined,
  }
}

function answerOf(outcome: SandboxOutcome, endedAt: number): LocalAnswer {
  const attempt = { invocationId: INVOCATION_ID, attempt: 1, endedAt }
  const logs = withPlatformEntries(outcome, attempt, howToAllow)
  if (!outcome.ok) {
    const { errorCode, message } = describeFailure(outcome)
    return { errorCode, errorMsg: message, errorLogs: logs }
  }
  const result: unknown = outcome.result && JSON.parse(Buffer.from(outcome.result).toString())
  return { ...(result !== undefined && { result }), logs }
}

function howToAllow(call: { host: string; port: number; reason: string }): string {
  const domain = missingDomain(call)
  if (domain !== undefined) {
    return `Allow it here: add "${domain}" to "whitelist" in settings.json`
  }
  return isOwnHost(call.host)
    ? 'It leads to the server of a function: deploy it, or run parley dev'
    : 'Nothing allows it here'
}

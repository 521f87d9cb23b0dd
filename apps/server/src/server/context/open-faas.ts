import type { Delivery } from '#base/delivery'
import { withDeps } from '#base/kernel'
import type { Base } from '#base/store'
import { openContextStore } from '#faas/context-store'
import { openFunctionConfig } from '#faas/function-config'
import { openFunctions } from '#faas/functions'
import { openInvocations } from '#faas/invocations'
import { openLogs } from '#faas/logs'
import { openMetrics } from '#faas/metrics'
import { openReplay } from '#faas/replay'
import { openReplayJobs } from '#faas/replay-jobs'
import { openRecordings } from '#faas/recordings'
import { openRecords } from '#faas/records'
import { openSandbox, type PreparedSandbox } from '#faas/sandbox'
import { openSavedPayloads } from '#faas/saved-payloads'
import { openSchedules, pauseSchedules } from '#faas/schedules'
import { openCompiler } from '#faas/source'
import { openPlatform } from '#server/platform'
import type { Identity } from './open-identity.ts'

/** What the modules of functions get beside the inner ones. */
export interface FaasDeps extends Pick<
  Parameters<typeof openPlatform>[0],
  'listener' | 'callerTokens'
> {
  prepared: PreparedSandbox
}

/** Opens the modules of functions in their order. */
export async function openFaas(
  opened: AsyncDisposableStack,
  inner: Base & Identity & { delivery: Delivery },
  { prepared, listener, callerTokens }: FaasDeps,
) {
  const functionConfig = opened.use(openFunctionConfig({ ...inner, resolver: prepared.resolver }))
  const platform = opened.use(openPlatform({ ...inner, functionConfig, listener, callerTokens }))
  const sandbox = opened.use(openSandbox({ ...inner, prepared, ports: platform }))
  const pausing = withDeps(inner, { pauseSchedules })
  const compiler = opened.use(openCompiler(inner))
  const functions = opened.use(
    openFunctions({ ...inner, ...pausing, sandbox, compiler, functionConfig }),
  )
  const records = opened.use(await openRecords(inner))
  const { maskOf } = functionConfig.secrets
  const recordings = opened.use(openRecordings({ ...inner, records, maskOf }))
  const logs = openLogs({ ...inner, records })
  const metrics = openMetrics({ ...inner, functions, records })
  const invocations = openInvocations({
    ...inner,
    functions,
    functionConfig,
    records,
    recordings,
    sandbox,
  })
  const known = { functionConfig, functions, records, recordings, logs, metrics, invocations }
  const schedules = openSchedules({ ...inner, ...known })
  const replay = openReplay({ ...inner, ...known, sandbox })
  const replayJobs = openReplayJobs({ ...inner, ...known, replay, sandbox })
  const savedPayloads = openSavedPayloads({ ...inner, functions })
  const contextStore = openContextStore(inner)
  const opens = { ...known, replay, replayJobs, savedPayloads, schedules, contextStore }
  return { ...opens, faasModules: Object.values(opens), sandbox }
}

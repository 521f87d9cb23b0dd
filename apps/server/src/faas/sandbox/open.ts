import { systemClock } from '#base/kernel'
import type { Base } from '#base/store'
import { openFleet } from './fleet.ts'
import { hostCallAnswers, openHostCallPace, portsOf } from './host-calls.ts'
import { loadBody } from './load-body.ts'
import { badInput } from './outcome.ts'
import type { PreparedSandbox } from './prepare.ts'
import type { Sandbox, SandboxPorts } from './types.ts'
import { openWarmPool } from './warm-pool.ts'

export interface SandboxDeps extends Pick<Base, 'logger' | 'clock' | 'monotonic'> {
  /** Disposed of by the caller, after the sandbox. */
  prepared: PreparedSandbox
  ports: SandboxPorts
}

const PROBE_MS = 10_000
const SKEW_MS = 5
const BROKEN = 'bytes to the egress proxy that are not of ours'

/** Runs functions in instances of the prepared runtime. */
export function openSandbox({ logger, clock, monotonic, prepared, ports }: SandboxDeps): Sandbox {
  const { limits, egress, inspector } = prepared
  const system = systemClock()
  const pace = openHostCallPace(monotonic)
  const amounts = { kept: limits.warmPool, atOnce: limits.processors }
  const warmPool = openWarmPool({ logger, monotonic }, amounts, prepared.boot, prepared.booting, {
    needed: () => fleet.needed(),
    ready: () => fleet.pump(),
    failed() {
      fleet.giveUp()
      prepared.restore()
    },
  })
  const fleet = openFleet({
    logger,
    monotonic,
    limits,
    warmPool,
    clockOffset,
    startInspected(version) {
      const inspected = inspector?.inspected(version)
      if (!inspected) return undefined
      const { instance } = prepared.bootWith(inspected.args)
      inspected.started(instance)
      return instance
    },
    install(instance, version) {
      const { functionId, replays } = version
      const granted = portsOf(ports, version)
      // Calls that are refused anyway must not count against those of the function.
      const isInert = replays !== undefined && replays !== 'allowed'
      const guest = {
        ...version,
        functionId: isInert ? `${functionId} in replay` : functionId,
        broken: () => instance.kill(BROKEN),
      }
      const admitted = egress.admit(instance.child.egress, guest, granted)
      instance.serveHostCalls({
        turn: (bytes, signal) => pace(version.accountId, bytes, signal),
        answer: hostCallAnswers({ logger, ports: granted, mayCall: admitted.mayCall }, version),
      })
      const sourceUrl = inspector?.inspected(version)?.sourceUrl
      instance.load(loadBody(version, limits, clockOffset(), ports.internal()?.ca, sourceUrl))
      return admitted
    },
  })

  function clockOffset(): number {
    const offset = clock.now() - system.now()
    return Math.abs(offset) <= SKEW_MS ? 0 : offset
  }

  return {
    confinement: prepared.confinement,
    limits,
    invoke(call) {
      if (call.body.length <= limits.requestBytes) return fleet.invoke(call)
      const message = `The request is larger than ${limits.requestBytes} bytes`
      return Promise.resolve(badInput('request-too-large', message))
    },
    async probe(version) {
      const outcome = await fleet.invoke({
        version,
        invocationId: '',
        body: Buffer.alloc(0),
        timeLimitMs: PROBE_MS,
        isProbe: true,
        onlyComputes: true,
      })
      return outcome.ok ? { ok: true } : outcome
    },
    isLate: fleet.isLate,
    retire: fleet.retire,
    stats: fleet.stats,
    [Symbol.dispose]() {
      fleet[Symbol.dispose]()
      warmPool[Symbol.dispose]()
    },
  }
}

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Base } from '#base/store'
import { writeWhole } from './bundle.ts'
import { type Confinement, describe, type LaunchPlan } from './confinement.ts'
import type { Limits } from './limits.ts'
import { openReaper, type Reaper } from './reaper.ts'
import type { RuntimeFiles } from './runtime.ts'
import type { Booting } from './warm-pool.ts'

/** Subtracted from the memory limit for memory that the limit does not count. */
const MEMORY_MARGIN_MB = 16
const UNCALIBRATED_KB = 900 * 1024
const SETTLE_MS = 300

const NO_RUNTIME = 'The sandbox runtime does not start on this system (it needs glibc on Linux)'
const NO_NAMESPACES =
  '. Functions share network and processes with this machine then, kept apart by the runtime alone: let this user make user namespaces (sysctl user.max_user_namespaces and kernel.apparmor_restrict_unprivileged_userns, seccomp of a container), and start again'
const AS_ROOT =
  'Cannot start: functions would run as root here: install setpriv (package util-linux), start Parley as an ordinary user, or set PARLEY_FUNCTIONS_AS_ROOT=yes'
const NO_ADDRESSES =
  'Cannot start: the address space of this process is limited, and functions need more of it than they use: lift that limit (LimitAS of the service, ulimit -v)'

export type Boot = (
  confinement: Confinement,
  plan: LaunchPlan,
  reaper: Reaper | undefined,
) => Booting

interface ChooseDeps extends Pick<Base, 'logger' | 'monotonic'> {
  files: RuntimeFiles
  limits: Limits
  boot: Boot
}

/** How instances are started on this system. */
interface ChosenConfinement extends Disposable {
  confinement: Confinement
  plan: LaunchPlan
  reaper: Reaper | undefined
  /** The one that has shown that it works, unless it was only measured. */
  booted: Booting | undefined
}

/** The first confinement in which an instance boots, with the memory limit of instances: that of an earlier start, or measured. */
export async function chooseConfinement(
  deps: ChooseDeps,
  candidates: Confinement[],
): Promise<ChosenConfinement> {
  const failed: { confinement: Confinement; error: unknown }[] = []
  for (const confinement of candidates) {
    const reaper = confinement.parentBound ? undefined : openReaper()
    const close = () => reaper?.[Symbol.dispose]()
    const plan: LaunchPlan = {
      binary: deps.files.binary,
      bundle: deps.files.bundle,
      cacheDir: codeCacheFor(confinement, deps.files),
      dataLimitKb: UNCALIBRATED_KB,
    }
    try {
      const booted = await bootFirst(deps, confinement, plan, reaper)
      for (const { confinement: stricter, error } of failed) {
        const help = stricter.namespaces && !confinement.namespaces ? NO_NAMESPACES : ''
        deps.logger.warn({ err: error }, `Not available here: ${describe(stricter)}${help}`)
      }
      deps.logger.info(`Functions run confined: ${describe(confinement)}`)
      return { confinement, plan, reaper, booted, [Symbol.dispose]: close }
    } catch (error) {
      failed.push({ confinement, error })
      close()
    }
  }
  throw new AggregateError(
    failed.map(({ error }) => error),
    whyNone(candidates),
  )
}

/** What to do where no confinement works. */
function whyNone(candidates: Confinement[]): string {
  const isNeeded = candidates.every(({ uid }) => uid !== undefined)
  if (isNeeded && spawnSync('setpriv', ['--version']).status !== 0) return AS_ROOT
  return areAddressesLimited() ? NO_ADDRESSES : NO_RUNTIME
}

function areAddressesLimited(): boolean {
  if (process.platform !== 'linux') return false
  const said = /^Max address space\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
  return said !== undefined && said !== 'unlimited'
}

/** Root may write to the read-only cache, and a write beyond the file limit kills the instance: root itself gets no cache. */
function codeCacheFor({ uid }: Confinement, files: RuntimeFiles): string {
  const isRootItself = uid === undefined && process.getuid?.() === 0
  return isRootItself ? '/dev/null/none' : files.codeCacheDir
}

/**
 * Boots an instance with the memory limit that an earlier start has kept beside the bundle; with what boots under none, whose limit
 * is measured then. Sets the limit of `plan`.
 * @throws when no instance boots
 */
async function bootFirst(
  deps: ChooseDeps,
  confinement: Confinement,
  plan: LaunchPlan,
  reaper: Reaper | undefined,
): Promise<Booting | undefined> {
  const { boot, files, limits, logger } = deps
  const name = `memory-${confinement.namespaces ? 'n' : 'p'}${confinement.uid ?? ''}-${limits.memoryMb}`
  const file = join(files.homeDir, name)
  const known = Number(await readFile(file, 'utf8').catch(() => '0'))
  if (known > 0) {
    plan.dataLimitKb = known
    const booted = boot(confinement, plan, reaper)
    try {
      await booted.ready
      return booted
    } catch (error) {
      booted.instance.kill('ended')
      logger.debug({ err: error }, 'No instance starts with the kept memory limit: it is measured')
    }
  }
  plan.dataLimitKb = UNCALIBRATED_KB
  plan.dataLimitKb = await measured(deps, boot(confinement, plan, reaper))
  // The file only saves the next start the measuring. The folder may belong to another user.
  await writeWhole(file, String(plan.dataLimitKb)).catch((error: unknown) => {
    logger.debug({ err: error }, 'The measured memory limit could not be kept')
  })
  return undefined
}

/**
 * The runtime reserves far more private memory than it uses, so the limit, in KiB, is measured: what an idle instance has
 * reserved, plus what it may still use. Ends the instance.
 */
async function measured(
  { limits, monotonic }: ChooseDeps,
  { instance, ready }: Booting,
): Promise<number> {
  try {
    await ready
    await monotonic.sleep(SETTLE_MS)
    const reservedKb = instance.child.dataKb()
    if (reservedKb === 0) return UNCALIBRATED_KB
    const usableMb = limits.memoryMb - MEMORY_MARGIN_MB - instance.child.memory().residentMb
    return Math.ceil(reservedKb + usableMb * 1024)
  } finally {
    instance.kill('ended')
  }
}

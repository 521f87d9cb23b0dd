import { sayBeyond } from '#base/bounds'
import {
  type Clock,
  type Logger,
  type Monotonic,
  randomIds,
  spaceWarnings,
  systemClock,
  systemMonotonic,
  type VirtualClock,
} from '#base/kernel'
import type { Base } from '#base/store'
import type { SandboxInspector } from '#faas/sandbox'
import type { MakeKeyPair } from '#identity/credentials'
import type { Hashing } from '#identity/passwords'
import type { FirstSteps } from '#server/first-steps'
import type { Config } from '#config'
import { clockOf } from './clocks.ts'

/** What a start does, in the order in which a person hears of it. */
export const START_STEPS = [
  'ports and folders',
  'database',
  'sandbox',
  'certificates',
  'account',
] as const
export type StartStep = (typeof START_STEPS)[number]

/** What a test shares between nodes or replaces. Everything else is real. */
export interface Overrides {
  clock?: Clock | VirtualClock
  wallClock?: Clock
  monotonic?: Monotonic
  logger?: Logger
  /** Taken before the server was loaded; they end with it. */
  firstSteps?: FirstSteps
  drainMs?: number
  cacheDir?: string
  warmPool?: number
  tlsDir?: string
  hashing?: Hashing
  makeKeyPair?: MakeKeyPair
  /** Of a development server alone: `npm start` has none. */
  inspector?: SandboxInspector
  /** A start ends at its next step when this is aborted. */
  stopping?: AbortSignal
  /** Hears of each of `START_STEPS` when it is done. */
  onStep?(step: StartStep): void
}

/** What every module may be opened with, except the store. */
export function openBase(
  opened: AsyncDisposableStack,
  config: Config,
  { logger, ...overrides }: Overrides & { logger: Logger },
): Omit<Base, 'store'> {
  for (const warning of spaceWarnings(config.dataDir)) logger.warn(warning)
  const { publicUrl } = config
  // Not refused: what calls the API alone gets on with a proxy that takes the path away.
  if (publicUrl !== undefined && new URL(publicUrl).pathname !== '/') {
    logger.warn(
      `PARLEY_PUBLIC_URL=${publicUrl} has a path, and pages, sockets and published clients are served at the root of a host only: give Parley a host of its own`,
    )
  }
  const monotonic = overrides.monotonic ?? systemMonotonic()
  opened.use(sayBeyond({ monotonic, logger }))
  return {
    logger,
    monotonic,
    ids: randomIds(),
    clock: overrides.clock ?? clockOf(config),
    wallClock: overrides.wallClock ?? systemClock(),
  }
}

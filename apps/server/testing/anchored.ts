const TEXT = JSON.stringify(Array.from({ length: 1000 }, (_, at) => ({ at, name: `name ${at}` })))

/** How often an ordinary machine reads the text in a millisecond. */
const ORDINARY_RATE = 7
/** Long enough for a machine that gets its turns a tenth of a second apart. */
const WALL_LOOK_MS = 250
const CPU_LOOK_MS = 20

/**
 * What work takes, in milliseconds of an ordinary machine: one that is slow in the same moment is allowed for. With
 * `anchoredCpuMs` the only duration that a test may compare with a number; the better test waits for a condition instead.
 */
export async function anchoredMs(work: () => unknown): Promise<number> {
  const clock = () => performance.now()
  const before = slowness(WALL_LOOK_MS, clock)
  const began = clock()
  await work()
  const took = clock() - began
  return took / Math.max(before, slowness(WALL_LOOK_MS, clock))
}

/**
 * The least that some tries take, until one takes less than `bar`: a neighbour may take the processors in the middle of one try, but not of
 * all.
 */
export async function fastestMs(bar: number, work: () => Promise<unknown>): Promise<number> {
  let best = Infinity
  for (let tries = 0; tries < 4 && best >= bar; tries += 1) {
    best = Math.min(best, await anchoredMs(work))
  }
  return best
}

/** As `anchoredMs`, of the CPU time that this thread spends on it, whoever else has the processor in between. */
export function anchoredCpuMs(work: () => void): number {
  const clock = () => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1000
  }
  const before = slowness(CPU_LOOK_MS, clock)
  const began = clock()
  work()
  const took = clock() - began
  return took / Math.max(before, slowness(CPU_LOOK_MS, clock))
}

/** How many times slower this machine is than an ordinary one right now; at least 1, for a fast one proves no less. */
function slowness(lookMs: number, clock: () => number): number {
  const began = clock()
  let reads = 0
  for (; clock() - began < lookMs; reads += 1) JSON.parse(TEXT)
  return Math.max(1, (ORDINARY_RATE * (clock() - began)) / reads)
}

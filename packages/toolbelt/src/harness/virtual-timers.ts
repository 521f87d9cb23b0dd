const FIRST_ID = 1_000_000_000
const byId = new Map<number, VirtualTimer>()
let lastId = FIRST_ID

/** A timer of a replay, with what code expects of one of Node. */
export class VirtualTimer {
  readonly #id = (lastId += 1)
  readonly #stop: (timer: VirtualTimer) => void
  readonly #again: (timer: VirtualTimer) => void

  constructor(stop: (timer: VirtualTimer) => void, again: (timer: VirtualTimer) => void) {
    this.#stop = stop
    this.#again = again
    byId.set(this.#id, this)
  }

  close(): this {
    byId.delete(this.#id)
    this.#stop(this)
    return this
  }

  refresh(): this {
    this.#again(this)
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  hasRef(): boolean {
    return true
  }

  [Symbol.toPrimitive](): number {
    return this.#id
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** The virtual timer that code means by what it has got from `setTimeout`. */
export function virtualTimerOf(timer: unknown): VirtualTimer | undefined {
  if (timer instanceof VirtualTimer) return timer
  return typeof timer === 'number' && timer > FIRST_ID ? byId.get(timer) : undefined
}

/** Forgets those of the replay before. */
export function forgetVirtualTimers(): void {
  byId.clear()
}

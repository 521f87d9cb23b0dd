/** Work in one lane runs in the order in which it came. */
export interface Order {
  run(lane: string, work: () => Promise<void>): Promise<void>
}

export function openOrder(): Order {
  const tails = new Map<string, Promise<void>>()
  return {
    async run(lane, work) {
      const previous = tails.get(lane)
      const mine = previous ? previous.then(work, work) : work()
      tails.set(lane, mine)
      try {
        await mine
      } finally {
        if (tails.get(lane) === mine) tails.delete(lane)
      }
    },
  }
}

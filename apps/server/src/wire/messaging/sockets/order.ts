/** Work in one lane runs in the order in which it came. */
export interface Order {
  /** What is last in each lane; absent while nothing runs. */
  tails?: Map<string, Promise<void>> | undefined
}

export async function runInOrder(
  order: Order,
  lane: string,
  work: () => Promise<void>,
): Promise<void> {
  const tails = (order.tails ??= new Map())
  const previous = tails.get(lane)
  const mine = previous ? previous.then(work, work) : work()
  tails.set(lane, mine)
  try {
    await mine
  } finally {
    if (tails.get(lane) === mine) tails.delete(lane)
    if (tails.size === 0) order.tails = undefined
  }
}

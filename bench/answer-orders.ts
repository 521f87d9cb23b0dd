/** What a forked program calls once: says that it is ready, then answers its orders until it is told to end. */
export function answerOrders<Order>(
  carryOut: (order: Order) => unknown,
  end: () => PromiseLike<void> = () => Promise.resolve(),
): void {
  process.on('message', (order: Order) => {
    Promise.resolve(order)
      .then(carryOut)
      .then(
        (answer) => process.send?.({ answer }),
        (cause: unknown) => process.send?.({ error: String(cause) }),
      )
  })
  const leave = () => {
    end().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.once('SIGTERM', leave)
  // Whoever started it has ended without a word.
  process.once('disconnect', leave)
  process.send?.({ answer: 'ready' })
}

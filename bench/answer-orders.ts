/** A forked program calls this once: it reports that it is ready, then answers orders until it is to end. */
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
  // The process that started this one has ended.
  process.once('disconnect', leave)
  process.send?.({ answer: 'ready' })
}

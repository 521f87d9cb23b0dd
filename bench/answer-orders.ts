/** What a forked program calls once: says that it is ready, then answers its orders. */
export function answerOrders<Order>(carryOut: (order: Order) => unknown): void {
  process.on('message', (order: Order) => {
    Promise.resolve(order)
      .then(carryOut)
      .then(
        (answer) => process.send?.({ answer }),
        (cause: unknown) => process.send?.({ error: String(cause) }),
      )
  })
  process.send?.({ answer: 'ready' })
}

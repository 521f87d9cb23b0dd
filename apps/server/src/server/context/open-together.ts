/**
 * Opens things that do not need each other at the same time. When one cannot be opened the others are closed again,
 * and the first problem, in the order given, is the one that is thrown.
 */
export async function openTogether<Opened extends readonly object[]>(
  stack: AsyncDisposableStack,
  openings: readonly [...{ [Index in keyof Opened]: Promise<Opened[Index]> }],
): Promise<Opened> {
  const promises: readonly Promise<object>[] = openings
  const settled = await Promise.allSettled(promises)
  for (const one of settled) if (one.status === 'fulfilled') keep(stack, one.value)
  const failed = settled.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
  // Every promise is fulfilled by now; TypeScript loses the tuple on the way.
  return (await Promise.all(promises)) as unknown as Opened
}

function keep(stack: AsyncDisposableStack, opened: object): void {
  if (Symbol.asyncDispose in opened) stack.use(opened as AsyncDisposable)
  else if (Symbol.dispose in opened) stack.use(opened as Disposable)
}

/**
 * The result of some work, which must come within so much real time.
 * @throws an `Error` that names the work when it does not
 */
export async function inTime<Result>(
  what: string,
  ms: number,
  work: Promise<Result>,
): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>()
  const late = () => reject(new Error(`${what} has not ended after ${ms / 1000} s of real time`))
  const timer = setTimeout(late, ms)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}

/** Thrown by a consumer that has no room for a row now: it is handled at `runAt`, and this start does not count. */
export class NotNow extends Error {
  override name = 'NotNow'
  readonly runAt: number

  constructor(runAt: number) {
    super('There is no room for it now')
    this.runAt = runAt
  }
}

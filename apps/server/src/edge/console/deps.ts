import type { Base } from '#base/store'

export interface ConsoleDeps extends Pick<Base, 'clock'> {
  /** The account that the sign-in proposes: that of the first start. */
  accountId: string
  /** Where what was built is kept for the next start. */
  cacheDir: string
}

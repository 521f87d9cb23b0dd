import { serverNow } from '../api/server-time.ts'
import { locale } from '../words/index.ts'
import { lasting } from './lasting.ts'

/** For how long by now, to the second; since when is in its title. */
export function Waited({ since }: { since: string }) {
  const seconds = Math.max(0, Math.round((serverNow() - Date.parse(since)) / 1000))
  return (
    <time dateTime={since} title={new Date(since).toLocaleString(locale)}>
      {lasting(seconds * 1000)}
    </time>
  )
}

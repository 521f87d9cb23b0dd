import { getCaller } from '@parley/contract'
import { useQueryClient } from '@tanstack/react-query'
import { WifiOff } from 'lucide-react'
import { useEffect } from 'react'
import { connection, useIsLost } from '../api/connection.ts'
import { words } from '../words/index.ts'

const EVERY_MS = 2_000
/** A question that nobody answers holds one of the six connections that a browser has. */
const WAITS_MS = 5_000

/** Says that the server does not answer, asks until it does, and has what is shown read again. */
export function LostBanner({ accountId }: { accountId: string }) {
  const isLost = useIsLost()
  const client = useQueryClient()
  useEffect(() => {
    if (!isLost) return undefined
    const timer = setInterval(() => {
      // Whatever it answers, it is there.
      fetch(getCaller.path.replace(':accountId', accountId), {
        signal: AbortSignal.timeout(WAITS_MS),
      }).then(
        () => connection.report(false),
        () => undefined,
      )
    }, EVERY_MS)
    return () => {
      clearInterval(timer)
      void client.invalidateQueries()
    }
  }, [isLost, accountId, client])
  return (
    <div role="status" className={isLost ? 'lost' : ''}>
      {isLost && (
        <>
          <WifiOff aria-hidden size={16} />
          {words.shell.lost}
        </>
      )}
    </div>
  )
}

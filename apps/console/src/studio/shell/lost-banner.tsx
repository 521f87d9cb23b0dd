import { getCaller } from '@parley/contract'
import { useQueryClient } from '@tanstack/react-query'
import { WifiOff } from 'lucide-react'
import { useEffect } from 'react'
import { useIsLost } from '../api/connection.ts'
import { ask } from '../api/server.ts'
import { words } from '../words/index.ts'

const EVERY_MS = 2_000

/** Says that the server does not answer, asks until it does, and has what is shown read again. */
export function LostBanner({ accountId }: { accountId: string }) {
  const isLost = useIsLost()
  const client = useQueryClient()
  useEffect(() => {
    if (!isLost) return undefined
    const timer = setInterval(() => {
      // Whatever it answers, it is there: `ask` notes that.
      void ask(accountId, getCaller).catch(() => undefined)
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

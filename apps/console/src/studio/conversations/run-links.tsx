import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useMay } from '../session/use-session.ts'
import { conversationWords } from '../words/conversations.ts'
import type { Run } from './timeline.ts'

interface Props {
  accountId: string
  run: Run
  children?: ReactNode
}

/** From a run to itself, to the source that ran, and to who changed it. */
export function RunLinks({ accountId, run, children }: Props) {
  const mayReadSource = useMay(accountId, 'function:source')
  const { functionId, version, recordId } = run
  const t = conversationWords
  return (
    <p className="links">
      {children}
      <Link to="/$accountId/runs/$recordId" params={{ accountId, recordId }}>
        {t.run}
      </Link>
      {mayReadSource && (
        <Link
          to="/$accountId/functions/$functionId/versions"
          params={{ accountId, functionId }}
          search={{ to: version }}
        >
          {t.source(version)}
        </Link>
      )}
      <Link to="/$accountId/activity" params={{ accountId }} search={{ functionId }}>
        {t.history}
      </Link>
    </p>
  )
}

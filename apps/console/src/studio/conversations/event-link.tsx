import { Link } from '@tanstack/react-router'
import { TRANSCRIPT_EVENT } from './transcript-event.ts'

/** The event of a submitted survey of a live chat, by its published name. */
export function EventLink({ accountId }: { accountId: string }) {
  return (
    <Link to="/$accountId/events" params={{ accountId }} search={{ event: TRANSCRIPT_EVENT }}>
      Chat Post Survey E-Mail Transcript
    </Link>
  )
}

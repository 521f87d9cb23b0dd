import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMay } from '../session/use-session.ts'
import { Choice } from '../ui/choice.tsx'
import { Page } from '../ui/page.tsx'
import { ChatSettingsView } from './chat-settings-view.tsx'
import { Outbox } from './outbox.tsx'
import { MAIL_PATH, MAIL_VIEWS } from './path.ts'
import { TranscriptsView } from './transcripts-view.tsx'
import { mailWords as t } from './words.ts'

/** Live chats and their transcripts: what leaves by mail, who gets one, and how chats work. */
export function MailPage() {
  const { accountId } = useParams({ from: MAIL_PATH })
  const { view = 'outbox' } = useSearch({ from: MAIL_PATH })
  const navigate = useNavigate({ from: MAIL_PATH })
  const maySee = useMay(accountId, 'account:read')
  const views = MAIL_VIEWS.filter((id) => maySee || id === 'outbox')
  return (
    <Page
      title={t.title}
      actions={
        <Choice
          label={t.show}
          value={view}
          options={views.map((id) => ({ id, name: t.views[id] }))}
          onChange={(id) =>
            void navigate({ search: { view: views.find((known) => known === id) }, replace: true })
          }
        />
      }
    >
      {view === 'outbox' && <Outbox accountId={accountId} />}
      {view === 'transcripts' && <TranscriptsView accountId={accountId} />}
      {view === 'chat' && <ChatSettingsView accountId={accountId} />}
    </Page>
  )
}

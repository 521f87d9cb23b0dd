import {
  type BuilderBot,
  deleteBuilderBot,
  exportBuilderBot,
  getBuilderBot,
  listBuilderErrors,
  setBuilderBotState,
} from '@parley/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { save } from '../api/save.ts'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Page } from '../ui/page.tsx'
import { RemoveDialog } from '../ui/remove-dialog.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { BotConversations } from './bot-conversations.tsx'
import { BotErrors } from './bot-errors.tsx'
import { BotSettingsForm } from './bot-settings-form.tsx'
import { BotStateChip } from './bot-state-chip.tsx'
import { BotSteps } from './bot-steps.tsx'
import { ConsumerLink } from './consumer-link.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { BOT_PARTS } from './parts.ts'
import { TalkToBot } from './talk-to-bot.tsx'
import { botWords as t } from './words.ts'

const PATH = '/$accountId/bots/$botId'

/** A bot of Conversation Builder: what it does, where its conversations stand, what it is set to, and a way to talk to it. */
export function BuilderBotPage() {
  const { accountId, botId } = useParams({ from: PATH })
  const query = useQuery({
    queryKey: ['bots', accountId, botId],
    queryFn: () => ask(accountId, getBuilderBot, { params: { botId } }),
  })
  if (query.data) return <KnownBot accountId={accountId} bot={query.data} />
  return (
    <Page title={t.builder}>
      <Loaded query={query}>{() => null}</Loaded>
    </Page>
  )
}

function KnownBot({ accountId, bot }: { accountId: string; bot: BuilderBot }) {
  const { botId, name, state } = bot
  const mayWrite = useMay(accountId, 'account:write')
  const mayReadConversations = useMay(accountId, 'conversation:read')
  const { show = 'steps', text } = useSearch({ from: PATH })
  const navigate = useNavigate({ from: PATH })
  const [opened, setOpened] = useState<'import' | 'delete'>()
  const [said, setSaid] = useState('')
  const parts = BOT_PARTS.filter((id) => id !== 'conversations' || mayReadConversations)
  return (
    <Page
      title={name}
      actions={
        <>
          <ConsumerLink accountId={accountId} bot={bot} />
          <BotStateChip state={state} />
          {mayWrite && (
            <Doings accountId={accountId} bot={bot} onOpen={setOpened} onSaid={setSaid} />
          )}
        </>
      }
    >
      <p role="status">{said}</p>
      <div className="bot-page">
        <div className="stack">
          <Tabs
            label={t.part}
            tabs={parts.map((id) => ({ id, name: t.parts[id] }))}
            value={show}
            onChange={(id) => void navigate({ search: { show: id }, replace: true })}
          />
          {show === 'steps' && (
            <BotSteps
              accountId={accountId}
              bot={bot}
              text={text ?? ''}
              onText={(wanted) => void navigate({ search: { show, text: wanted }, replace: true })}
            />
          )}
          {show === 'conversations' && <BotConversations accountId={accountId} botId={botId} />}
          {show === 'errors' && (
            <BotErrors
              accountId={accountId}
              botId={botId}
              read={(query) => ask(accountId, listBuilderErrors, { params: { botId }, query })}
            />
          )}
          {show === 'settings' && (
            <BotSettingsForm key={bot.botId} accountId={accountId} bot={bot} />
          )}
        </div>
        {mayWrite && <TalkToBot key={bot.revision} accountId={accountId} botId={botId} />}
      </div>
      {opened === 'import' && (
        <ImportDialog accountId={accountId} bot={bot} onClose={() => setOpened(undefined)} />
      )}
      {opened === 'delete' && (
        <RemoveDialog
          title={t.deleteBot(name)}
          remove={() => ask(accountId, deleteBuilderBot, { params: { botId } })}
          onClose={(isGone) => {
            setOpened(undefined)
            if (!isGone) return
            void navigate({ to: '/$accountId/bots', params: { accountId }, ignoreBlocker: true })
          }}
        >
          <p>{t.deleteBotText}</p>
        </RemoveDialog>
      )}
    </Page>
  )
}

interface DoingsProps {
  accountId: string
  bot: BuilderBot
  onOpen: (opened: 'import' | 'delete') => void
  onSaid: (text: string) => void
}

function Doings({ accountId, bot: { botId, name, state }, onOpen, onSaid }: DoingsProps) {
  const client = useQueryClient()
  const isOn = state !== 'offline'
  const turn = useMutation({
    mutationFn: () =>
      ask(accountId, setBuilderBotState, {
        params: { botId },
        body: { state: isOn ? 'offline' : 'online' },
      }),
    onMutate: () => onSaid(''),
    onSuccess: (known) => {
      client.setQueryData(['bots', accountId, botId], known)
      onSaid(known.state === 'online' ? t.started : t.stopped)
    },
  })
  const spec = { ...exportBuilderBot, path: exportBuilderBot.path.replace(':botId', botId) }
  const store = useMutation({ mutationFn: () => save(accountId, spec, {}, `${name}.json`) })
  return (
    <>
      <Button
        kind={isOn ? 'plain' : 'primary'}
        isPending={turn.isPending}
        onPress={() => turn.mutate()}
      >
        {isOn ? t.stop : t.start}
      </Button>
      <Button onPress={() => onOpen('import')}>{t.replace}</Button>
      <Button isPending={store.isPending} onPress={() => store.mutate()}>
        {t.exportFile}
      </Button>
      <Button kind="quiet" onPress={() => onOpen('delete')}>
        {t.delete}
      </Button>
      {(turn.error ?? store.error) && <ErrorNotice error={turn.error ?? store.error} />}
    </>
  )
}

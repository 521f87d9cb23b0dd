import {
  type BuilderBot,
  type Connector,
  listBuilderBots,
  listConnectorErrors,
  listConnectors,
} from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Plus, Upload } from 'lucide-react'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { useSkills } from '../api/use-names.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { FunctionLink } from '../ui/function-link.tsx'
import { Listed } from '../ui/listed.tsx'
import { Page } from '../ui/page.tsx'
import { Ago } from '../ui/time.tsx'
import { BotStateChip } from './bot-state-chip.tsx'
import { ErrorName } from './error-name.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { botWords as t } from './words.ts'

const PATH = '/$accountId/bots'
const REFRESH_MS = 15_000

/** All bots of the account: those that functions and other programs answer for, and those of Conversation Builder. */
export function BotsPage() {
  const { accountId } = useParams({ from: PATH })
  const mayWrite = useMay(accountId, 'account:write')
  const navigate = useNavigate()
  const [isImporting, setImporting] = useState(false)
  return (
    <Page
      title={t.title}
      actions={
        mayWrite && (
          <>
            <Button onPress={() => setImporting(true)}>
              <Upload aria-hidden size={16} />
              {t.importBot}
            </Button>
            <Button
              kind="primary"
              onPress={() =>
                void navigate({ to: '/$accountId/bots/connectors/new', params: { accountId } })
              }
            >
              <Plus aria-hidden size={16} />
              {t.newConnector}
            </Button>
          </>
        )
      }
    >
      <Connectors accountId={accountId} />
      <BuilderBots accountId={accountId} />
      {isImporting && (
        <ImportDialog
          accountId={accountId}
          onClose={(botId) => {
            setImporting(false)
            if (botId !== undefined) {
              void navigate({
                to: '/$accountId/bots/$botId',
                params: { accountId, botId },
                ignoreBlocker: true,
              })
            }
          }}
        />
      )}
    </Page>
  )
}

function Connectors({ accountId }: { accountId: string }) {
  const { skillName } = useSkills(accountId)
  const query = useQuery({
    queryKey: ['connectors', accountId],
    queryFn: () => ask(accountId, listConnectors),
    // One may stop answering by itself.
    refetchInterval: REFRESH_MS,
  })
  return (
    <>
      <h2>{t.connectors}</h2>
      <p className="faint">{t.connectorsHint}</p>
      <Listed
        label={t.connectors}
        query={query}
        rowsOf={({ connectors }) => connectors}
        keyOf={({ connectorId }: Connector) => connectorId}
        empty={<Empty text={t.noConnectors} />}
        columns={[
          {
            head: t.name,
            cell: ({ connectorId, name }) => (
              <Link
                to="/$accountId/bots/connectors/$connectorId"
                params={{ accountId, connectorId }}
              >
                {name}
              </Link>
            ),
          },
          { head: t.state, cell: ({ state }) => <BotStateChip state={state} /> },
          {
            head: t.answeredBy,
            cell: ({ vendor }) =>
              vendor.kind === 'function' ? (
                <FunctionLink accountId={accountId} functionId={vendor.functionId} />
              ) : (
                (URL.parse(vendor.baseUrl)?.host ?? vendor.baseUrl)
              ),
          },
          {
            head: t.skills,
            cell: ({ skillIds }) => skillIds.map(skillName).join(', ') || t.noSkills,
          },
          {
            head: t.open,
            cell: ({ conversations: { open, advised } }) => t.openOf(open, advised),
          },
          {
            head: t.lastError,
            cell: ({ connectorId }) => (
              <LastError accountId={accountId} connectorId={connectorId} />
            ),
          },
        ]}
      />
    </>
  )
}

function LastError({ accountId, connectorId }: { accountId: string; connectorId: string }) {
  const { data } = useQuery({
    queryKey: ['connector-errors', accountId, connectorId, 'last'],
    queryFn: () =>
      ask(accountId, listConnectorErrors, { params: { connectorId }, query: { limit: 1 } }),
    // It may fail at any time.
    refetchInterval: REFRESH_MS,
  })
  const last = data?.errors[0]
  if (!last) return data && <span className="faint">{t.noError}</span>
  return (
    <>
      <ErrorName name={last.name} />
      <Ago at={last.at} />
    </>
  )
}

function BuilderBots({ accountId }: { accountId: string }) {
  const { skillName } = useSkills(accountId)
  const query = useQuery({
    queryKey: ['bots', accountId],
    queryFn: () => ask(accountId, listBuilderBots),
    // Conversations come and go.
    refetchInterval: REFRESH_MS,
  })
  return (
    <>
      <h2>{t.builder}</h2>
      <p className="faint">{t.builderHint}</p>
      <Listed
        label={t.builder}
        query={query}
        rowsOf={({ bots }) => bots}
        keyOf={({ botId }: BuilderBot) => botId}
        empty={<Empty text={t.noBuilder} />}
        columns={[
          {
            head: t.name,
            cell: ({ botId, name }) => (
              <Link to="/$accountId/bots/$botId" params={{ accountId, botId }}>
                {name}
              </Link>
            ),
          },
          { head: t.state, cell: ({ state }) => <BotStateChip state={state} /> },
          {
            head: t.skills,
            cell: ({ skillIds }) => skillIds.map(skillName).join(', ') || t.noSkills,
          },
          { head: t.open, cell: ({ openConversations }) => openConversations },
          { head: t.revision, cell: ({ revision }) => revision },
          { head: t.changed, cell: ({ updatedAt }) => <Ago at={updatedAt} /> },
        ]}
      />
    </>
  )
}

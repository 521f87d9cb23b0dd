import {
  deleteSavedPayload,
  listInvocations,
  listSavedPayloads,
  savePayload,
} from '@parley/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { BookmarkPlus, ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Header } from 'react-aria-components/Header'
import { Menu, MenuItem, MenuSection, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { Text } from 'react-aria-components/Text'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { RemoveDialog } from '../ui/remove-dialog.tsx'
import { locale } from '../words/index.ts'
import { replayWords as t } from '../words/replay.ts'
import { SavePayloadDialog } from './save-payload-dialog.tsx'

const RECENT = 20
const MAX_SHOWN = 60

interface Props {
  accountId: string
  functionId: string
  sample: unknown
  /** What would be saved; nothing while it is not JSON. */
  current: { ok: true; value: unknown } | { ok: false }
  onTake: (payload: unknown) => void
}

/** Inputs to take: the event's sample, those of recent runs, saved ones; and the way to save this one. */
export function PayloadBar({ accountId, functionId, sample, current, onTake }: Props) {
  const client = useQueryClient()
  const mayWrite = useMay(accountId, 'function:write')
  const mayRead = useMay(accountId, 'record:read')
  const [isOpen, setOpen] = useState(false)
  const [isSaving, setSaving] = useState(false)
  const [leavingId, setLeavingId] = useState<string>()
  const [said, setSaid] = useState('')
  const params = { functionId }
  const queryKey = ['payloads', accountId, functionId]
  const saved = useQuery({
    queryKey,
    queryFn: () => ask(accountId, listSavedPayloads, { params }),
  })
  const recent = useQuery({
    queryKey: ['recent-inputs', accountId, functionId],
    queryFn: () => ask(accountId, listInvocations, { query: { functionId, limit: RECENT } }),
    enabled: isOpen && mayRead,
  })
  const changed = () => client.invalidateQueries({ queryKey })
  const save = useMutation({
    mutationFn: ({ name, shared }: { name: string; shared: boolean }) =>
      ask(accountId, savePayload, {
        params,
        body: { name, shared, payload: current.ok ? current.value : null },
      }),
    onSuccess: async ({ name }) => {
      setSaid(t.savedAs(name))
      await changed()
    },
  })
  const payloads = saved.data?.payloads ?? []
  const leaving = payloads.find(({ payloadId }) => payloadId === leavingId)
  const runs = (recent.data?.invocations ?? []).toReversed().flatMap(({ input, ...run }) => {
    const payload = payloadOf(input)
    return payload === undefined ? [] : [{ ...run, payload }]
  })

  function choose(key: string | number): void {
    const [kind, id] = [String(key).slice(0, 1), String(key).slice(1)]
    if (kind === 's') onTake(sample)
    if (kind === 'r') onTake(runs.find(({ recordId }) => recordId === id)?.payload)
    if (kind === 'p') onTake(payloads.find(({ payloadId }) => payloadId === id)?.payload)
    if (kind === 'd') setLeavingId(id)
  }

  return (
    <div className="replay-bar">
      <MenuTrigger isOpen={isOpen} onOpenChange={setOpen}>
        <AriaButton className="button" data-action>
          {t.choose}
          <ChevronDown aria-hidden size={16} />
        </AriaButton>
        <Popover className="popover">
          <Menu className="list-box" onAction={choose}>
            <MenuItem id="s">{t.sample}</MenuItem>
            {payloads.length > 0 && (
              <MenuSection>
                <Header>{t.saved}</Header>
                {payloads.map(({ payloadId, name, shared }) => (
                  <MenuItem key={payloadId} id={`p${payloadId}`} textValue={name}>
                    <Text slot="label">
                      <bdi>{name}</bdi>
                    </Text>
                    {shared && <Text slot="description">{t.shared}</Text>}
                  </MenuItem>
                ))}
              </MenuSection>
            )}
            {mayRead && (
              <MenuSection>
                <Header>{runs.length === 0 ? t.noRecent : t.recent}</Header>
                {runs.map(({ recordId, startedAt, payload }) => {
                  const short = JSON.stringify(payload).slice(0, MAX_SHOWN)
                  return (
                    <MenuItem key={recordId} id={`r${recordId}`} textValue={short}>
                      <Text slot="label">
                        <bdi>{short}</bdi>
                      </Text>
                      <Text slot="description">{new Date(startedAt).toLocaleString(locale)}</Text>
                    </MenuItem>
                  )
                })}
              </MenuSection>
            )}
            {mayWrite && payloads.length > 0 && (
              <MenuSection>
                <Header>{t.removeTitle}</Header>
                {payloads.map(({ payloadId, name }) => (
                  <MenuItem key={payloadId} id={`d${payloadId}`}>
                    {t.remove(name)}
                  </MenuItem>
                ))}
              </MenuSection>
            )}
          </Menu>
        </Popover>
      </MenuTrigger>
      {mayWrite && (
        <Button isDisabled={!current.ok} onPress={() => setSaving(true)}>
          <BookmarkPlus aria-hidden size={16} />
          {t.save}
        </Button>
      )}
      <span role="status" className="faint">
        {said}
      </span>
      {leaving && (
        <RemoveDialog
          title={t.removeOne(leaving.name)}
          remove={() =>
            ask(accountId, deleteSavedPayload, {
              params: { functionId, payloadId: leaving.payloadId },
            })
          }
          onClose={(isGone) => {
            setLeavingId(undefined)
            if (isGone) void changed()
          }}
        >
          <p>{leaving.shared ? t.removeShared : t.removeText}</p>
        </RemoveDialog>
      )}
      {isSaving && (
        <SavePayloadDialog
          error={save.error}
          isPending={save.isPending}
          onSave={(kept) => save.mutate(kept, { onSuccess: () => setSaving(false) })}
          onClose={() => {
            save.reset()
            setSaving(false)
          }}
        />
      )}
    </div>
  )
}

/** Of the envelope that a run was given; nothing where it was not kept. */
export function payloadOf(input: unknown): unknown {
  return typeof input === 'object' && input !== null && 'payload' in input
    ? input.payload
    : undefined
}

import {
  type AutomaticMessage,
  type AutomaticMessageChange,
  type AutomaticMessageSetting,
  effectiveMessage,
  getConsumerPage,
  isIdleType,
  listAutomaticMessages,
  resetAutomaticMessage,
  setAutomaticMessage,
} from '@parley/contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { changedOver } from '../api/changed.ts'
import { ask } from '../api/server.ts'
import { useSkills } from '../api/use-names.ts'
import { PreviewFrame } from '../consumer-page/preview-frame.tsx'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Field } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useDialogMutation } from '../ui/use-dialog-mutation.ts'
import { language as ownLanguage } from '../words/index.ts'
import { operateWords } from '../words/operate.ts'
import { linesOf } from './lines.ts'
import { type Scope, settingOf } from './scope.ts'
import { TimingFields } from './timing-fields.tsx'
import { messageWords as t } from './words.ts'

const MAX_CHARACTERS = 8_000

interface Props {
  accountId: string
  scope: Scope
  type: AutomaticMessage['type']
  settings: readonly AutomaticMessageSetting[]
  accountLanguage: string | undefined
  /** @param done what was done, where something was */
  onClose: (done?: string) => void
}

/** One message in one scope: what is set there, what is inherited, and how the consumer sees it. */
export function MessageDialog(props: Props) {
  const { accountId, scope, type, settings, accountLanguage, onClose } = props
  const { skill, language } = scope
  const { skillName } = useSkills(accountId)
  const client = useQueryClient()
  const own = settingOf(settings, type, scope)
  const others = settings.filter((one) => one !== own)
  const inherited = effectiveMessage(others, type, skill, language, accountLanguage)
  const [send, setSend] = useState<'inherit' | 'on' | 'off'>(
    own?.active === undefined ? 'inherit' : own.active ? 'on' : 'off',
  )
  const [text, setText] = useState(own?.text ?? '')
  const [timing, setTiming] = useState(own?.timing)
  const isTimed = isIdleType(type)
  const isSent = send === 'inherit' ? inherited.active : send === 'on'
  const name = t.whens[type]
  const target = { params: { type }, query: { skillId: skill, language } }
  const page = useQuery({
    queryKey: ['consumer-page', accountId],
    queryFn: () => ask(accountId, getConsumerPage),
  })
  const change: AutomaticMessageChange = {
    ...(send !== 'inherit' && { active: send === 'on' }),
    ...(text !== '' && { text }),
    ...(timing && { timing }),
  }
  const [before] = useState(change)

  function settled(done: string): void {
    void client.invalidateQueries({ queryKey: ['automatic-messages', accountId] })
    onClose(done)
  }
  const takeBack = useDialogMutation({
    mutationFn: () => ask(accountId, resetAutomaticMessage, target),
    onDone: () => settled(t.takenBack(name)),
  })
  const save = useDialogMutation({
    mutationFn: async () => {
      const stored = await ask(accountId, listAutomaticMessages)
      const newest = settingOf(stored.settings, type, scope)
      const body = changedOver(change, before, changeOf(newest))
      if (Object.keys(body).length > 0) {
        await ask(accountId, setAutomaticMessage, { ...target, body })
        return t.saved(name)
      }
      // Nothing that is set is the same as what was never set.
      if (!newest) return undefined
      await ask(accountId, resetAutomaticMessage, target)
      return t.takenBack(name)
    },
    onDone: (done) => (done === undefined ? onClose() : settled(done)),
  })
  const inheritedState = inherited.active ? operateWords.yes : operateWords.no
  return (
    <FormDialog
      title={t.editTitle(name)}
      submit={operateWords.save}
      isWide
      error={save.error}
      isPending={save.isPending || takeBack.isPending}
      onSubmit={() => save.mutate()}
      onClose={() => onClose()}
    >
      <p className="faint">
        {t.scope(skill === undefined ? undefined : skillName(skill), language)}
      </p>
      <div className="two-columns">
        <div className="stack">
          <Field
            label={t.text}
            member="text"
            hint={t.textHint}
            value={text}
            onChange={setText}
            placeholder={inherited.text}
            lines={5}
            maxLength={MAX_CHARACTERS}
            autoFocus
          />
          <Choice
            label={t.send}
            value={send}
            options={[
              { id: 'inherit', name: t.inherits(inheritedState) },
              { id: 'on', name: t.sends.on },
              { id: 'off', name: t.sends.off },
            ]}
            onChange={(id) => setSend(id === 'on' || id === 'off' ? id : 'inherit')}
          />
          {isTimed && language !== undefined && <p className="faint">{t.timingElsewhere}</p>}
          {isTimed && language === undefined && (
            <TimingFields inherited={inherited.timing} value={timing} onChange={setTiming} />
          )}
          {own && (
            <div className="actions">
              <Button isPending={takeBack.isPending} onPress={() => takeBack.mutate()}>
                {t.takeBack}
              </Button>
            </div>
          )}
          {takeBack.error && <ErrorNotice error={takeBack.error} />}
        </div>
        <div className="stack">
          <h3>{t.preview}</h3>
          {!isSent && <p className="faint">{t.notShown}</p>}
          {page.data && (
            <PreviewFrame
              accountId={accountId}
              title={t.preview}
              language={language ?? ownLanguage}
              scene={{
                look: page.data.look,
                isOpen: !type.includes('OFF'),
                isEmbedded: false,
                lines: linesOf(type, isSent ? text || inherited.text : undefined),
              }}
            />
          )}
        </div>
      </div>
    </FormDialog>
  )
}

function changeOf(setting: AutomaticMessageSetting | undefined): AutomaticMessageChange {
  const { active, text, timing } = setting ?? {}
  return {
    ...(active !== undefined && { active }),
    ...(text !== undefined && { text }),
    ...(timing && { timing }),
  }
}

import { Amount } from '../ui/amount.tsx'
import { CheckBox } from '../ui/check-box.tsx'
import { Field } from '../ui/field.tsx'
import type { ConnectorForm } from './connector-draft.ts'
import { botWords as t } from './words.ts'

interface Props {
  form: ConnectorForm
  change: (part: Partial<ConnectorForm>) => void
}

/** Several messages at once, and chats that fall silent. */
export function PaceFields({ form, change }: Props) {
  const { combine, silence } = form
  const serves = form.channels.includes('chat')
  return (
    <>
      <CheckBox
        label={t.combine}
        hint={t.combineHint}
        isSelected={form.combines}
        onChange={(combines) => change({ combines })}
      />
      {form.combines && (
        <div className="form-row">
          <Amount
            label={t.maxMessages}
            value={combine.maxMessages}
            onChange={(maxMessages) => change({ combine: { ...combine, maxMessages } })}
            member="combine.maxMessages"
          />
          <Amount
            label={t.timeFrame}
            value={combine.timeFrameMs / 1000}
            onChange={(s) => change({ combine: { ...combine, timeFrameMs: s * 1000 } })}
            member="combine.timeFrameMs"
          />
          <Amount
            label={t.afterTyping}
            value={combine.afterTypingMs / 1000}
            onChange={(s) => change({ combine: { ...combine, afterTypingMs: s * 1000 } })}
            member="combine.afterTypingMs"
          />
        </div>
      )}
      {serves && (
        <CheckBox
          label={t.silence}
          isSelected={form.endsSilent}
          onChange={(endsSilent) => change({ endsSilent })}
        />
      )}
      {serves && form.endsSilent && (
        <div className="form-row">
          <Amount
            label={t.warnAfter}
            value={silence.warnAfterMs / 1000}
            onChange={(s) => change({ silence: { ...silence, warnAfterMs: s * 1000 } })}
            member="silence.warnAfterMs"
          />
          <Field
            label={t.warning}
            value={silence.warning}
            onChange={(warning) => change({ silence: { ...silence, warning } })}
            maxLength={5_000}
            member="silence.warning"
          />
          <Amount
            label={t.closeAfter}
            value={silence.closeAfterMs / 1000}
            onChange={(s) => change({ silence: { ...silence, closeAfterMs: s * 1000 } })}
            member="silence.closeAfterMs"
          />
        </div>
      )}
    </>
  )
}

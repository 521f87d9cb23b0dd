import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { CheckBox } from '../ui/check-box.tsx'
import { ModalDialog } from '../ui/modal-dialog.tsx'
import { words } from '../words/index.ts'
import { keyWords as t } from '../words/keys.ts'
import { letters, PAGE_OF } from './keys.ts'

/** All keys, and the switch of those that are one letter. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const [areOn, setOn] = useState(letters.areOn)
  const pages = Object.entries(PAGE_OF).map(
    ([letter, label]) => [`g ${letter}`, words.shell[label]] as const,
  )
  return (
    <ModalDialog title={words.shell.keys} onClose={onClose} isWide>
      <div className="key-help">
        {t.scopes.map(({ name, keys }) => (
          <section key={name}>
            <h3>{name}</h3>
            <Keys keys={keys} />
          </section>
        ))}
        <section>
          <h3>{words.shell.pages}</h3>
          <Keys keys={pages} />
        </section>
      </div>
      <CheckBox
        label={t.letters}
        isSelected={areOn}
        onChange={(wanted) => {
          letters.switch(wanted)
          setOn(wanted)
        }}
      />
      <div className="dialog-actions">
        <Button onPress={onClose} autoFocus>
          {t.close}
        </Button>
      </div>
    </ModalDialog>
  )
}

function Keys({ keys }: { keys: readonly (readonly [string, string])[] }) {
  return (
    <dl className="keys">
      {keys.map(([pressed, what]) => (
        <div key={pressed}>
          <dt>
            {pressed.split(' ').map((one) => (
              <kbd key={one}>{one}</kbd>
            ))}
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  )
}

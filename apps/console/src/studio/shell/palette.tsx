import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Autocomplete, useFilter } from 'react-aria-components/Autocomplete'
import { Input } from 'react-aria-components/Input'
import { Label } from 'react-aria-components/Label'
import { Header, Menu, MenuItem, MenuSection } from 'react-aria-components/Menu'
import { SearchField } from 'react-aria-components/SearchField'
import { useFunctions } from '../api/use-names.ts'
import { useMay, useRights } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { ModalDialog } from '../ui/modal-dialog.tsx'
import { words } from '../words/index.ts'
import { keyWords as t } from '../words/keys.ts'
import { LETTER_OF } from './keys.ts'
import { pagesFor } from './pages.ts'

/** So many functions are drawn: a browser is slow to draw thousands, and nobody reads them. */
const MAX_FUNCTIONS = 50

interface Props {
  accountId: string
  onClose: () => void
}

/** Goes to a page or a function by a part of its name. */
export function Palette({ accountId, onClose }: Props) {
  const { contains } = useFilter({ sensitivity: 'base' })
  const permissions = useRights(accountId)
  const mayWrite = useMay(accountId, 'function:write')
  const mayRead = useMay(accountId, 'function:source')
  const { functions } = useFunctions(accountId)
  const [text, setText] = useState('')
  const navigate = useNavigate()
  const params = { accountId }
  const found = mayRead ? functions.filter(({ name }) => contains(name, text)) : []

  function item(key: string, name: string, go: () => Promise<void>, letter?: string) {
    return (
      <MenuItem
        key={key}
        id={key}
        textValue={name}
        onAction={() => {
          onClose()
          void go()
        }}
      >
        <span className="palette-item">
          <bdi>{name}</bdi>
          {letter !== undefined && (
            <span>
              <kbd>g</kbd> <kbd>{letter}</kbd>
            </span>
          )}
        </span>
      </MenuItem>
    )
  }

  return (
    <ModalDialog title={t.palette} onClose={onClose}>
      <Autocomplete filter={contains} inputValue={text} onInputChange={setText}>
        <SearchField className="field" autoFocus>
          <Label>{t.find}</Label>
          <Input />
        </SearchField>
        <Menu
          className="list-box"
          aria-label={t.palette}
          renderEmptyState={() => <p className="empty">{t.nothing}</p>}
        >
          <MenuSection>
            <Header>{words.shell.pages}</Header>
            {pagesFor(permissions).map(({ to, label }) =>
              item(to, words.shell[label], () => navigate({ to, params }), LETTER_OF.get(label)),
            )}
            {mayWrite &&
              item('new', words.functions.create, () =>
                navigate({ to: '/$accountId/functions/new', params }),
              )}
          </MenuSection>
          {found.length > 0 && (
            <MenuSection>
              <Header>{words.functions.title}</Header>
              {found.slice(0, MAX_FUNCTIONS).map(({ functionId, name }) =>
                item(functionId, name, () =>
                  navigate({
                    to: '/$accountId/functions/$functionId',
                    params: { ...params, functionId },
                  }),
                ),
              )}
            </MenuSection>
          )}
        </Menu>
      </Autocomplete>
      {found.length > MAX_FUNCTIONS && (
        <p className="faint">{t.more(found.length - MAX_FUNCTIONS)}</p>
      )}
      <div className="dialog-actions on-phone">
        <Button onPress={onClose}>{t.close}</Button>
      </div>
    </ModalDialog>
  )
}

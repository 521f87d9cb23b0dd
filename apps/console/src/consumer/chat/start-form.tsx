import { LongText } from './long-text.tsx'
import { Submit } from './submit.tsx'
import { atMost } from './text-length.ts'
import { words } from '../words/index.ts'

export interface StartFormProps {
  /** What stands in the field for the question at first. */
  text: string
  isStarting: boolean
  onStart: (about: { name: string; email: string; text: string }) => void
}

/** As the server wants it: a browser alone takes `me@localhost`, too. */
const EMAIL = String.raw`[\w'+\-]+(?:\.[\w'+\-]+)*@(?:[A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z]{2,}`

export function StartForm({ text, isStarting, onStart }: StartFormProps) {
  return (
    <form
      class="survey"
      onSubmit={(event) => {
        event.preventDefault()
        const given = new FormData(event.currentTarget)
        const read = (name: string) => {
          const value = given.get(name)
          return typeof value === 'string' ? value.trim() : ''
        }
        onStart({ name: read('name'), email: read('email'), text: read('text') })
      }}
    >
      <label>
        {words.yourName} <input name="name" autocomplete="name" onInput={atMost(200)} />
      </label>
      <label>
        {words.yourEmail}{' '}
        <input
          name="email"
          type="email"
          autocomplete="email"
          pattern={EMAIL}
          title={words.emailHint}
          onInput={atMost(254)}
        />
      </label>
      <label>
        {words.yourQuestion}{' '}
        <LongText name="text" required rows={3} maxCharacters={8_000} text={text} />
      </label>
      <Submit label={words.startChat} isBusy={isStarting} />
    </form>
  )
}

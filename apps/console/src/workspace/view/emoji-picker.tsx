import { Smile } from 'lucide-react'
import { useState } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { t } from '../words.ts'

/** Those that answers to customers need; systems have a picker for the others. */
const EMOJI =
  '🙂 😀 😊 😉 😅 😂 😍 🤗 🤔 😮 😕 😔 😢 🙏 👍 👎 👋 👏 💪 🤝 ❤️ 🎉 🎁 ⭐ ✅ ❌ ❗ ❓ 📦 🚚 📞 📧 💳 💶 🧾 🔒 🔑 🏠 🛒 ⏰ 📅 ☀️ 🌧️ 🍀 🔧 💡 📎 🖼️'.split(
    ' ',
  )

export function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <AriaButton className="button quiet" aria-label={t.emoji}>
        <Smile aria-hidden size={18} />
      </AriaButton>
      <Popover className="popover" placement="top start">
        <Dialog className="emoji" aria-label={t.emoji}>
          {/* The arrow keys lead from one to the next: of 48 buttons each would be a stop of the Tab key. */}
          <ListBox
            aria-label={t.emoji}
            layout="grid"
            autoFocus="first"
            onAction={(emoji) => {
              setOpen(false)
              onPick(String(emoji))
            }}
          >
            {EMOJI.map((emoji) => (
              <ListBoxItem key={emoji} id={emoji} textValue={emoji}>
                {emoji}
              </ListBoxItem>
            ))}
          </ListBox>
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

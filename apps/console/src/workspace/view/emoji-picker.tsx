import { Smile } from 'lucide-react'
import { useState } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog'
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
          {EMOJI.map((emoji) => (
            <AriaButton
              key={emoji}
              className="button quiet"
              onPress={() => {
                setOpen(false)
                onPick(emoji)
              }}
            >
              {emoji}
            </AriaButton>
          ))}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

import { testCards } from './test-cards.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')

const grouped = (number: string) => number.replace(/(.{4})(?=.)/g, '$1 ')

const cardRow = ({ number, brandCode, meaning }: (typeof testCards)[number]) =>
  `<tr><td><button type="button" data-number="${number}">${grouped(number)}</button></td>` +
  `<td>${escape(brandCode)}</td><td>${escape(meaning)}</td></tr>`

function field(name: string, label: string, attributes: string): string {
  return (
    `<p><label for="${name}">${label}</label>` +
    `<input id="${name}" name="${name}" required aria-describedby="${name}-fault" ${attributes}>` +
    `<span id="${name}-fault" class="fault" role="alert"></span></p>`
  )
}

/**
 * The page in the checkout's iframe. A card number goes from its fields to this origin alone; its parent gets
 * the token, and only a parent of `targetOrigin` does. Without inline script or style, so that the policy needs
 * no exception.
 */
export function renderHostedFields(page: {
  readonly clientToken: string
  readonly targetOrigin: string
}): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Card details (sandbox)</title>
<link rel="stylesheet" href="/hosted-fields.css">
<script type="module" src="/hosted-fields.js"></script>
</head>
<body data-client-token="${escape(page.clientToken)}" data-target-origin="${escape(page.targetOrigin)}">
<form id="card" novalidate autocomplete="on" aria-label="Card details">
${field('name', 'Name on card', 'autocomplete="cc-name" maxlength="255"')}
${field('number', 'Card number', 'autocomplete="cc-number" inputmode="numeric" maxlength="23"')}
${field('expiry', 'Expiry (MM / YY)', 'autocomplete="cc-exp" inputmode="numeric" placeholder="MM / YY" maxlength="9"')}
${field('cvc', 'Security code', 'autocomplete="cc-csc" inputmode="numeric" maxlength="4"')}
<button id="submit" type="submit">Use this card</button>
<p id="status" role="status" aria-live="polite"></p>
</form>
<details>
<summary>Test cards: this is a sandbox, never type a real card</summary>
<table><thead><tr><th scope="col">Number</th><th scope="col">Brand</th><th scope="col">Meaning</th></tr></thead>
<tbody>${testCards.map(cardRow).join('')}</tbody></table>
</details>
</body>
</html>
`
}

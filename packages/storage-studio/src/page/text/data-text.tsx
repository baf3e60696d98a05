import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import type { Text } from '../../api/common.js';
import { cutText, lengthText } from './cut-text.js';
import { textPieces } from './hidden-characters.js';
import { isCut, sentText } from './stored-text.js';

/** Code units after which a text is cut until somebody wants all of it. */
const SHOWN = 600;
/** Code units of a name; keys have 512 bytes at most. */
const LONGEST_NAME = 512;

/** A name or another short text of the store. It is text and nothing else, and its direction turns round nothing beside it. */
export function DataText({ text }: { readonly text: Text }): VNode {
  const cut = cutText(sentText(text), LONGEST_NAME);
  const isWhole = typeof text === 'string' && cut.length === text.length;
  return (
    <bdi class="data">
      {textNodes(cut)}
      {!isWhole && '…'}
    </bdi>
  );
}

/** A text that may have lines, and be as long as a record. */
export function LongText({ text, shown = SHOWN }: { readonly text: Text; readonly shown?: number }): VNode {
  const isWhole = useSignal(false);
  const sent = sentText(text);
  const cut = isWhole.value ? sent : cutText(sent, shown);
  return (
    <>
      <bdi class="data lines">{textNodes(cut, '\n\t')}</bdi>
      {cut.length < sent.length && (
        <>
          <span aria-hidden="true">… </span>
          <button type="button" class="inline-button" onClick={() => (isWhole.value = true)}>
            show all{isCut(text) ? ' that is here' : ''} ({lengthText(sent.length)})
          </button>
        </>
      )}
      {cut.length === sent.length && isCut(text) && (
        <span class="muted"> … {lengthText(text.length)}, all of it is in the record</span>
      )}
    </>
  );
}

/** A text with what cannot be seen made visible. `keep` are characters that may stay what they are. */
export function textNodes(text: string, keep?: string): (string | VNode)[] {
  return textPieces(text, keep).map((piece) =>
    'text' in piece ? piece.text : <span class="hidden-character">{piece.hidden}</span>,
  );
}

import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import type { TypeView } from '../../api/types.js';
import { Icon } from '../parts/icon.js';
import { Waiting } from '../parts/waiting.js';
import { asOf } from '../router/location.js';
import { useAnswer } from '../server/answers.js';
import { DataText, LongText } from '../text/data-text.js';
import { visibleText } from '../text/hidden-characters.js';
import { nameOf, sentText } from '../text/stored-text.js';
import { checkTexts, isNamed, type TypePart, typeParts } from './type-shape.js';
import { TypeText } from './type-text.js';

/** Levels that are open at first. */
const OPEN = 1;
/** Parts that are shown until somebody wants all. */
const MOST_PARTS = 60;

/** A type with what it is made of, expanded in place. What is closed costs nothing. */
export function TypeTree({ type, depth = 0 }: { readonly type: TypeView; readonly depth?: number }): VNode {
  const isWhole = useSignal(false);
  const parts = typeParts(type);
  if (parts.length === 0) return <TypeLine part={{ labels: [], type }} isUnfolded />;
  const shown = isWhole.value ? parts : parts.slice(0, MOST_PARTS);
  return (
    <ul class="type-tree">
      {shown.map((part, i) => (
        <li key={part.name === undefined ? i : nameOf(part.name)}>
          <TypeBranch part={part} depth={depth} />
        </li>
      ))}
      {shown.length < parts.length && (
        <li>
          <button type="button" class="inline-button" onClick={() => (isWhole.value = true)}>
            show all {parts.length}
          </button>
        </li>
      )}
      {type.more !== undefined && <li class="muted">and {type.more} more, which the record has</li>}
    </ul>
  );
}

function TypeBranch({ part, depth }: { readonly part: TypePart; readonly depth: number }): VNode {
  const { type, name } = part;
  const reference = referenceIn(type);
  const canOpen = reference !== undefined || hasMore(innerType(type));
  const open = useSignal(depth < OPEN && reference === undefined);
  const id = useId();
  if (!canOpen) return <TypeLine part={part} />;
  return (
    <>
      <div class="type-branch">
        <button
          type="button"
          class="tree-button"
          aria-expanded={open.value}
          aria-controls={open.value ? id : undefined}
          aria-label={`What ${visibleText(sentText(name ?? type.ref)) || 'this'} is made of`}
          onClick={() => (open.value = !open.value)}
        >
          <Icon name="open" size={12} />
        </button>
        <TypeLine part={part} />
      </div>
      {open.value && (
        <div id={id} class="type-inner">
          {reference === undefined ? (
            <TypeTree type={innerType(type)} depth={depth + 1} />
          ) : (
            <StoredType refName={reference} depth={depth + 1} />
          )}
        </div>
      )}
    </>
  );
}

/** Whether there is anything to say of a type that its name does not. */
function hasMore(type: TypeView): boolean {
  return typeParts(type).length > 0 || (isNamed(type) && (type.types ?? []).length > 0);
}

/** A list says what its elements are made of. */
function innerType(type: TypeView): TypeView {
  return type.kind === 'array' && type.items !== undefined && !isNamed(type) ? type.items : type;
}

/** The name of a type that is not expanded here, because it is on the way to this place or there was no more room. */
function referenceIn(type: TypeView): string | undefined {
  const { is, ref } = innerType(type);
  return is === 'reference' ? sentText(ref) : undefined;
}

/** A type that has to be asked for. */
function StoredType({ refName, depth }: { readonly refName: string; readonly depth: number }): VNode {
  const { value, error } = useAnswer('type', { ref: refName, ...asOf() });
  if (value === undefined) return <Waiting error={error} />;
  return <TypeTree type={value.type} depth={depth} />;
}

function TypeLine({
  part,
  isUnfolded = false,
}: {
  readonly part: TypePart;
  readonly isUnfolded?: boolean;
}): VNode {
  const { name, optional, labels, type } = part;
  const description = part.description ?? type.description;
  return (
    <div class="type-line">
      {name !== undefined && (
        <span class="field mono">
          <DataText text={name} />
          {optional === true && (
            <span class="muted" title="optional">
              ?
            </span>
          )}
        </span>
      )}
      {labels.map((label) => (
        <span key={label} class="tag">
          <DataText text={label} />
        </span>
      ))}
      <TypeText type={type} isUnfolded={isUnfolded} />
      {checkTexts(type).map((text, i) => (
        <span key={i} class="check mono">
          <LongText text={text} shown={160} />
        </span>
      ))}
      {description !== undefined && (
        <p class="description">
          <LongText text={description} shown={280} />
        </p>
      )}
    </div>
  );
}

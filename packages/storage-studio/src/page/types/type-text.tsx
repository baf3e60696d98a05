import type { ComponentChildren, VNode } from 'preact';
import type { TypeView } from '../../api/types.js';
import { link } from '../router/location.js';
import { DataText } from '../text/data-text.js';
import { sentText } from '../text/stored-text.js';
import { areSimple, isNamed, isSimple } from './type-shape.js';

interface TypeTextProps {
  readonly type: TypeView;
  /** Says what a type with a name is, and not how it is called. */
  readonly isUnfolded?: boolean;
}

/** A type in a few words; names of stored types lead to them. */
export function TypeText({ type, isUnfolded = false }: TypeTextProps): VNode {
  return <span class="type-text mono">{isUnfolded ? unfolded(type) : words(type)}</span>;
}

function words(type: TypeView): ComponentChildren {
  return isNamed(type) ? <TypeLink type={type} /> : unfolded(type);
}

function unfolded(type: TypeView): ComponentChildren {
  switch (type.kind) {
    case 'primitive':
      return type.primitive ?? 'primitive';
    case 'array':
      return <ArrayText items={type.items} />;
    case 'object':
      return <span class="muted">object</span>;
    case 'union':
      return <Members type={type} operator=" | " empty="nothing" long="one of" />;
    case 'intersection':
      return <Members type={type} operator=" & " empty="anything" long="all of" />;
  }
}

function ArrayText({ items }: { readonly items: TypeView | undefined }): VNode {
  if (items === undefined) return <>anything[]</>;
  const isSeveral = (items.types?.length ?? 0) > 1 && isSimple(items);
  return isSeveral ? <>({words(items)})[]</> : <>{words(items)}[]</>;
}

interface MembersProps {
  readonly type: TypeView;
  readonly operator: string;
  readonly empty: string;
  readonly long: string;
}

function Members({ type, operator, empty, long }: MembersProps): VNode {
  const members = type.types ?? [];
  if (members.length === 0) return <>{empty}</>;
  if (!areSimple(members)) return <span class="muted">{`${long} ${members.length}`}</span>;
  return (
    <>
      {members.map((member, i) => (
        <span key={i}>
          {i > 0 && <span class="muted">{operator}</span>}
          {words(member)}
        </span>
      ))}
    </>
  );
}

/** The name of a stored type, which leads to it and to what depends on it. */
function TypeLink({ type: { ref, is } }: { readonly type: TypeView }): VNode {
  return (
    <>
      <a href={link(['impact', 'gtype', sentText(ref)])}>
        <DataText text={ref} />
      </a>
      {is === 'missing' && <span class="tag missing gap">not stored</span>}
    </>
  );
}

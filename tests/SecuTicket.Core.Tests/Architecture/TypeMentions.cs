using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace SecuTicket.Core.Tests.Architecture;

/// <summary>The namespaces of the assembly's own types that the compiled code of a type mentions.</summary>
internal sealed class TypeMentions(PEReader file, MetadataReader metadata)
{
    public string NamespaceOf(TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        while (type.IsNested) type = metadata.GetTypeDefinition(type.GetDeclaringType());
        return metadata.GetString(type.Namespace);
    }

    public HashSet<string> Of(TypeDefinitionHandle handle)
    {
        var found = new HashSet<string>();
        var names = new Namespaces(this, found);
        var type = metadata.GetTypeDefinition(handle);
        Add(type.BaseType, names);
        foreach (var implemented in type.GetInterfaceImplementations()) Add(metadata.GetInterfaceImplementation(implemented).Interface, names);
        foreach (var field in type.GetFields()) metadata.GetFieldDefinition(field).DecodeSignature(names, null);
        foreach (var handleOfMethod in type.GetMethods())
        {
            var method = metadata.GetMethodDefinition(handleOfMethod);
            method.DecodeSignature(names, null);
            if (method.RelativeVirtualAddress == 0) continue;

            var body = file.GetMethodBody(method.RelativeVirtualAddress);
            if (!body.LocalSignature.IsNil) metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(names, null);
            foreach (var token in Tokens(body.GetILBytes()!)) Add(token, names);
        }

        return found;
    }

    private static IEnumerable<EntityHandle> Tokens(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            int opcode = code[at++];
            if (opcode == 0xFE) opcode = 0xFE00 | code[at++];
            if (opcode == 0x45)
            {
                at += 4 + (4 * BitConverter.ToInt32(code, at));
                continue;
            }

            var operand = OperandSize(opcode);
            if (IsToken(opcode)) yield return MetadataTokens.EntityHandle(BitConverter.ToInt32(code, at));
            at += operand;
        }
    }

    // ECMA-335, partition III: instructions that are followed by a metadata token of a type, field or method.
    private static bool IsToken(int opcode) => opcode is 0x27 or 0x28 or (>= 0x6F and <= 0x71) or 0x73 or 0x74 or 0x75 or 0x79 or (>= 0x7B and <= 0x81) or 0x8C or 0x8D or 0x8F or 0xA3 or 0xA4 or 0xA5 or 0xC2 or 0xC6 or 0xD0
        or 0xFE06 or 0xFE07 or 0xFE15 or 0xFE16 or 0xFE1C;

    private static int OperandSize(int opcode) => opcode switch
    {
        >= 0x0E and <= 0x13 or 0x1F or (>= 0x2B and <= 0x37) or 0xDE or 0xFE12 or 0xFE19 => 1,
        0x21 or 0x23 => 8,
        >= 0xFE09 and <= 0xFE0E => 2,
        0x20 or 0x22 or 0x29 or 0x72 or 0xDD => 4,
        >= 0x38 and <= 0x44 => 4,
        _ => IsToken(opcode) ? 4 : 0,
    };

    private void Add(EntityHandle handle, Namespaces names)
    {
        if (handle.IsNil) return;

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                names.Note((TypeDefinitionHandle)handle);
                break;
            case HandleKind.TypeSpecification:
                metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(names, null);
                break;
            case HandleKind.MethodDefinition:
                names.Note(metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.FieldDefinition:
                names.Note(metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                Add(metadata.GetMemberReference((MemberReferenceHandle)handle).Parent, names);
                break;
            case HandleKind.MethodSpecification:
                var method = metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                method.DecodeSignature(names, null);
                Add(method.Method, names);
                break;
        }
    }

    // Decodes signatures only to see the types in them.
    private sealed class Namespaces(TypeMentions owner, HashSet<string> found) : ISignatureTypeProvider<object?, object?>
    {
        public void Note(TypeDefinitionHandle handle) => found.Add(owner.NamespaceOf(handle));

        public object? GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            Note(handle);
            return null;
        }

        public object? GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public object? GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => null;

        public object? GetArrayType(object? elementType, ArrayShape shape) => null;

        public object? GetByReferenceType(object? elementType) => null;

        public object? GetFunctionPointerType(MethodSignature<object?> signature) => null;

        public object? GetGenericInstantiation(object? genericType, System.Collections.Immutable.ImmutableArray<object?> typeArguments) => null;

        public object? GetGenericMethodParameter(object? genericContext, int index) => null;

        public object? GetGenericTypeParameter(object? genericContext, int index) => null;

        public object? GetModifiedType(object? modifier, object? unmodifiedType, bool isRequired) => null;

        public object? GetPinnedType(object? elementType) => null;

        public object? GetPointerType(object? elementType) => null;

        public object? GetPrimitiveType(PrimitiveTypeCode typeCode) => null;

        public object? GetSZArrayType(object? elementType) => null;
    }
}

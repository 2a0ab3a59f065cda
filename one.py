import sys
src=open('ct_mutate.py').read().split("surv=[]")[0]
exec(src)
for n,flt in ((59,'FullyQualifiedName~LedgerProperty'),):
    f,a,b=M[n]; p=S+f; s=open(p).read(); open(p,'w').write(s.replace(a,b,1))
    r=sh(f'cd {S} && /usr/share/dotnet/sdk/10.0.401/Roslyn/bincore/csc /noconfig @/work/h/coretests-mut/ct_core.rsp 2>&1'); print(r.returncode)
    sh(f'cp {R}src/SecuTicket.Core/obj/Debug/net10.0/SecuTicket.Core.dll {R}tests/SecuTicket.Core.Tests/bin/Debug/net10.0/')
    r=sh(f'cd {R} && dotnet test tests/SecuTicket.Core.Tests --no-build --nologo -v q --filter "{flt}" 2>&1'); print(n,r.stdout[-200:])
    open(p,'w').write(s)

"""Magics by what they do to the names of a notebook; one that is not listed may bind any name."""

_PYTHON = "time capture prun debug memit ipytest notify scalene snakeviz pyinstrument wandb"
_FOREIGN = """
    ! HTML SVG bash cmd file html javascript js latex markdown perl pypy python python2 python3 ruby script sh
    shell svg sx system writefile writetemplate
"""
_HARMLESS = """
    alias alias_magic autoawait autocall autoindent automagic autoreload bash bookmark cat cd clear clip
    colors conda config connect_info cp debug dhist dirs env gui history hist inline killbgscripts ldir
    less lf lk ll load_ext loadext logoff logon logstart logstate logstop lprun ls lsmagic lx magic
    mamba man matplotlib memit micromamba mkdir more mprun mv notebook page pdb pdef pdoc pfile pinfo
    pinfo2 pip popd pprint precision prun psearch psource pushd pwd pycat pylint qtconsole quickref
    rehashx reload_ext rm rmdir save sc set_env sh shell sx system tb tensorboard tensorflow_version
    time timeit unalias unload_ext uv watermark who who_ls whos xmode
"""

PYTHON_CELLS = frozenset(_PYTHON.split())
"""Cell magics that run the rest of the cell as Python where the other cells run."""
FOREIGN_CELLS = frozenset(_FOREIGN.split())
"""Cell magics of other languages, files and processes: they bind no name here."""
HARMLESS = frozenset(_HARMLESS.split())
"""Line magics that bind no name."""
